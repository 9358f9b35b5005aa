import { SingleBar } from 'cli-progress';
import type { LayerState } from '../lambda/contract/steps';
import type { PlannedLayer } from '../lambda/contract/upload-plan';
import { bytes } from './format';

/** Shows a push while it runs. */
export interface Reporter {
  /** Bytes of the tarball that are in the drop bucket. */
  uploading(sent: number, total: number): void;
  /** The tarball is in the drop bucket, and this execution pushes it. */
  dropped(tarball: string, size: number, executionArn: string): void;
  /** A state of the workflow was entered. */
  state(name: string): void;
  /** All layers of the images, and the indexes of those that ECR lacks. */
  layers(layers: readonly PlannedLayer[], missing: ReadonlySet<number>): void;
  /** One layer left a state of its upload. */
  layer(layer: LayerState, state: string): void;
  /** Takes a progress bar away. */
  close(): void;
}

const FORMAT = '{bar} {percentage}% | {what} | ETA {eta_formatted}';

/** Lines on `out`, and a progress bar between them where `out` is a terminal. */
export function reporter(out: NodeJS.WriteStream): Reporter {
  const bar = out.isTTY
    ? new SingleBar({ format: FORMAT, stream: out, hideCursor: true, clearOnComplete: true })
    : undefined;
  let layers: readonly PlannedLayer[] = [];
  let shown = false;
  const sent = new Map<number, number>();
  const close = () => {
    if (shown) bar?.stop();
    shown = false;
  };
  // A bar that Ctrl-C meets would leave the terminal without a cursor.
  process.once('exit', close);
  const line = (text: string) => {
    close();
    out.write(`${text}\n`);
  };
  const progress = (done: number, total: number, what: string) => {
    if (!bar) return;
    if (shown) bar.update(done, { what });
    else bar.start(total, done, { what });
    shown = true;
  };
  return {
    uploading: (done, total) => progress(done, total, `tarball ${bytes(done)} of ${bytes(total)}`),
    dropped: (tarball, size, executionArn) => {
      line(`dropped    ${tarball}, ${bytes(size)}`);
      line(`execution  ${executionArn}`);
    },
    state: (name) => {
      const does = STEPS[name];
      if (does !== undefined) line(`${name.padEnd(20)} ${does}`);
    },
    layers: (all, missing) => {
      layers = all;
      sent.clear();
      all.forEach(({ digest, size, repository }, index) => {
        if (!missing.has(index)) line(`  ${short(digest)}  ${bytes(size)}  already in ${repository}`);
      });
    },
    layer: (state, name) => {
      const layer = layers[state.index];
      if (!layer) return;
      sent.set(state.index, state.upload?.nextByte ?? 0);
      const text = layerLine(state, name, layer);
      if (text) line(text);
      const total = [...sent.keys()].reduce((sum, index) => sum + (layers[index]?.size ?? 0), 0);
      const done = [...sent.values()].reduce((sum, count) => sum + count, 0);
      progress(done, total, `layers ${bytes(done)} of ${bytes(total)}`);
    },
    close: () => {
      close();
      process.off('exit', close);
    },
  };
}

/** What each state of the workflow does, for people. */
const STEPS: Readonly<Record<string, string>> = {
  InspectTarball: 'finds the images and layers in the tarball',
  PrepareRepositories: 'looks whether the repositories are there or may be created',
  StageLayers: 'compresses plain layers',
  FindMissingLayers: 'asks ECR which layers it has',
  VerifyLayers: 'compares layers with their digests, before any is sent',
  UploadLayers: 'sends what is missing',
  PutImage: 'puts manifests, then tags, and reads them back',
  WriteReceipt: 'writes down what was pushed',
  DiagnoseImage: 'finds the cause, and sets the image aside',
  DiagnoseFailure: 'finds the cause and what to do',
};

function layerLine(state: LayerState, name: string, { digest, size }: PlannedLayer): string | undefined {
  const at = `  ${short(digest)}  ${bytes(size)}`;
  if (name === 'RestartLayerUpload') return `${at}  upload lost (${state.lost}), restart ${state.restarts}`;
  if (name === 'CheckLayerAvailability' && state.available) return `${at}  there by now`;
  if (name === 'CompleteLayerUpload' && state.available) return `${at}  sent`;
  return undefined;
}

function short(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
