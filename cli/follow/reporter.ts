import { bytes, shortDigest } from '../../lambda/contract/figures';
import { STEPS } from '../../lambda/contract/step-descriptions';
import type { LayerProgress } from './layer-progress';
import { progressBars } from './progress-bars';

/** Shows a push while it runs. */
export interface Reporter {
  /** Bytes of the tarball that are in the drop bucket, and those of them that were there before. */
  uploading(sent: number, total: number, resumed: number): void;
  /** The tarball is in S3, and this execution pushes it. */
  dropped(tarball: string, size: number | undefined, executionArn: string): void;
  /** A state of the workflow was entered. */
  state(name: string): void;
  /** These layers changed, of all layers of the image. */
  layers(changed: readonly LayerProgress[], all: readonly LayerProgress[]): void;
  /** Takes progress bars away. */
  close(): void;
}

/** Shows nothing. */
export const SILENT: Reporter = {
  uploading: () => undefined,
  dropped: () => undefined,
  state: () => undefined,
  layers: () => undefined,
  close: () => undefined,
};

/** Lines on `out`, and progress bars below them where `out` is a terminal. */
export function reporter(out: NodeJS.WriteStream): Reporter {
  const bars = progressBars(out);
  // Bars that Ctrl-C meets would leave the terminal without a cursor.
  process.once('exit', bars.close);
  let hasResumed = false;
  return {
    uploading: (sent, total, resumed) => {
      if (resumed > 0 && !hasResumed)
        bars.line(`resumed    ${bytes(resumed)} of ${bytes(total)} are there from before`);
      hasResumed ||= resumed > 0;
      bars.uploading(sent, total, resumed);
    },
    dropped: (tarball, size, executionArn) => {
      bars.clear();
      bars.line(`dropped    ${tarball}${size === undefined ? '' : `, ${bytes(size)}`}`);
      bars.line(`execution  ${executionArn}`);
    },
    state: (name) => {
      const does = STEPS[name];
      if (does !== undefined) bars.line(`${name.padEnd(20)} ${does}`);
    },
    layers: (changed, all) => {
      for (const layer of changed) {
        const text = layerLine(layer);
        if (text !== undefined) bars.line(text);
      }
      bars.layers(all);
    },
    close: () => {
      bars.close();
      process.off('exit', bars.close);
    },
  };
}

function layerLine({ digest, size, state, stored, restarts, lost, repository }: LayerProgress): string | undefined {
  const at = `  ${shortDigest(digest)}  ${bytes(size)}`;
  if (state === 'there') return `${at}  already in ${repository}`;
  if (state === 'sent') return `${at}  sent`;
  if (state === 'waiting' && restarts > 0 && stored === 0) return `${at}  upload lost (${lost}), restart ${restarts}`;
  return undefined;
}
