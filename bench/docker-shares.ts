import type { BenchResults } from './main';
import { SCENARIO } from './scenarios';

const GOAL = 0.8;

/** One paragraph: what the CPU of a docker archive's push goes for, and what the goal would take; none without that push. */
export function dockerShares({ compression, sideBySide }: BenchResults): string[] {
  const docker = sideBySide.find(({ name }) => name === SCENARIO.docker);
  const [ours, skopeo] = ['slipway', 'skopeo'].map((name) => docker?.rows.find(({ tool }) => tool === name));
  if (!docker || !ours?.cpuBySteps || !skopeo) return [];
  const steps = Object.entries(ours.cpuBySteps);
  const by = (part: RegExp) => steps.reduce((sum, [step, seconds]) => sum + (part.test(step) ? seconds : 0), 0);
  const compressing = ((docker.archiveBytes / 1024 ** 2) * compression.ours.cpuMsPerMib) / 1000;
  const sending = by(/Upload/);
  const times = (seconds: number) => `${(seconds / skopeo.cpuSeconds).toFixed(2)} ×`;
  const encoder = (GOAL * skopeo.cpuSeconds - ours.cpuSeconds + compressing) / compressing;
  const shares = [
    `${times(compressing)} to compress, as measured alone`,
    `${times(by(/StageLayer/) - compressing)} for what else StageLayer does, which is reading, two digests and writing`,
    `${times(sending)} to send and complete the layers`,
  ];
  const all = `To push the docker archive takes ${times(ours.cpuSeconds)} all the CPU that skopeo takes: ${shares.join(', ')}.`;
  return [encoder < 1 ? `${all} ${limit(encoder)}` : all];
}

/** @param encoder what an encoder may cost for the goal to be met, of what the one in use does */
function limit(encoder: number): string {
  return `With all else as it is, ${GOAL} × takes an encoder of ${encoder.toFixed(2)} × the CPU of this one.`;
}
