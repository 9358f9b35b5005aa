import type { BenchResults } from './main';
import { ratioOf } from './measure/ratio';
import { SCENARIO } from './scenarios';
import type { Row } from './sections/side-by-side';
import { DOCKER_CPU } from './side-by-side-goals';

/** What the CPU of a docker archive's push goes for, and what the goals would take; nothing without that push. */
export function dockerShares({ sideBySide, machine }: BenchResults): string[] {
  const docker = sideBySide.find(({ name }) => name === SCENARIO.docker);
  const [ours, skopeo] = ['slipway', 'skopeo'].map((name) => docker?.rows.find(({ tool }) => tool === name));
  if (!ours?.cpuBySteps || !ours.threadSeconds || !skopeo) return [];
  const steps = Object.entries(ours.cpuBySteps);
  const by = (part: RegExp) => steps.reduce((sum, [step, seconds]) => sum + (part.test(step) ? seconds : 0), 0);
  const compressing = ours.threadSeconds;
  const ratio = ratioOf(ours.runs, skopeo.runs, ({ cpuSeconds }) => cpuSeconds);
  const times = (seconds: number) => `${((ratio * seconds) / ours.cpuSeconds).toFixed(2)} ×`;
  // What an encoder may cost for the goal to be met, of what the one in use does.
  const encoder = 1 + ((DOCKER_CPU / ratio - 1) * ours.cpuSeconds) / compressing;
  const shares = [
    `${times(compressing)} in the threads that compress and do nothing else`,
    `${times(by(/StageLayer/) - compressing)} for what else StageLayer does, which is reading, two digests, and sending`,
    `${times(by(/Upload/))} to complete the layers`,
  ];
  const all = `To push the docker archive takes ${times(ours.cpuSeconds)} all the CPU that skopeo takes: ${shares.join(', ')}.`;
  const limit = `With all else as it is, ${DOCKER_CPU} × takes an encoder of ${encoder.toFixed(2)} × the CPU of this one.`;
  return [encoder < 1 ? `${all} ${limit}` : all, shortestWall(ours, skopeo, Number(machine.processors))];
}

/** The functions run beside the S3 and the ECR that they call, on the processors of one machine. */
function shortestWall(ours: Row, skopeo: Row, processors: number): string {
  const both = ours.cpuSeconds + ours.emulatorCpuSeconds;
  const times = (seconds: number) => `${(seconds / processors / skopeo.wallSeconds).toFixed(2)} ×`;
  return `Its functions and the emulators beside them use ${both.toFixed(1)} s of CPU. On ${processors} processors of which none is ever idle that takes ${times(both)} the wall time of skopeo; the functions alone would take ${times(ours.cpuSeconds)}.`;
}
