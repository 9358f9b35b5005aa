import type { PlannedLayer } from '../../lambda/contract/upload-plan';
import type { Problem } from '../problem';
import type { Workload } from './workload';

/** One layer of a planned image, in the words of a receipt. */
export interface PlanLayer {
  /** Absent of a plain layer that nobody has compressed yet. */
  readonly digest?: string;
  /** Of a plain layer. */
  readonly diffId?: string;
  /** Bytes; of a plain layer that is yet to be compressed those of the plain tar, so what is sent is less. */
  readonly size: number;
  readonly entry: string;
  readonly bytesSent: number;
  /** ECR has it, or an earlier image of this push sends it. */
  readonly skipped: boolean;
  /** It is compressed into the work bucket first. */
  readonly staged: boolean;
  /** It is sent while it is compressed, and not in a step of its own. */
  readonly sentEarly: boolean;
  /** When its bytes are compared with its digest: before anything is sent, on the way, or then not. */
  readonly verify: PlannedLayer['verify'];
}

/** One image of a planned push. */
export interface PlanImage {
  readonly outcome: 'planned';
  readonly name: string;
  readonly repository: string;
  readonly registryId: string;
  readonly tags: readonly string[];
  /** Absent where it depends on layers that are yet to be compressed. */
  readonly digest?: string;
  readonly changed?: string;
  readonly platforms: readonly string[];
  /** The repository is not there, and this push creates it. */
  readonly createsRepository: boolean;
  readonly layers: readonly PlanLayer[];
}

/** How long a push may take, and what it takes and costs where nothing goes wrong. */
export interface Expected {
  /** Absent where no earlier push tells. */
  readonly seconds?: number;
  readonly costUsd: number;
  readonly takes: Workload;
  /** What time and cost go by. */
  readonly basis: string;
}

/** What a push would do: what `slipway plan --json` prints. */
export interface PlannedPush {
  /** As the result of a receipt, had the push been made. */
  readonly result: 'SUCCEEDED' | 'PARTIAL' | 'FAILED';
  readonly tarball: string;
  /** Key that the tarball goes under, or lies under. */
  readonly key: string;
  readonly size: number;
  readonly images: readonly PlanImage[];
  readonly bytesSent: number;
  readonly bytesSkipped: number;
  readonly layersSent: number;
  readonly layersSkipped: number;
  /** Layers to be compressed, and their bytes. */
  readonly layersStaged: number;
  readonly bytesStaged: number;
  readonly expected?: Expected;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}
