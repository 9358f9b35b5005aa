import { bytes, shortDigest } from '../../lambda/contract/figures';
import { counted, duration } from '../format';
import { problemLines } from '../problem';
import type { PlanImage, PlannedPush } from './planned-push';

/** What a push would do, in lines for people. */
export function planReport(plan: PlannedPush): string {
  const { tarball, key, size, images, expected, problems, notes } = plan;
  return [
    `tarball  ${tarball}, ${bytes(size)}, under the key ${key}`,
    ...images.flatMap((image) => ['', ...imageLines(image)]),
    ...(images.length === 0 ? [] : ['', ...totalLines(plan)]),
    ...(images.length > 0 && expected ? expectedLines(expected) : []),
    ...problems.flatMap((problem) => ['', ...problemLines(problem)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `note     ${note}`)]),
    '',
    verdict(plan),
  ].join('\n');
}

function imageLines(image: PlanImage): string[] {
  const { repository, tags, name, digest, platforms, createsRepository, layers, changed } = image;
  const first = layers.find(({ skipped }) => !skipped);
  return [
    `image    ${repository}${tags.map((tag) => `:${tag}`).join(', ')}, from ${name}`,
    `digest   ${digest ?? 'known when its plain layers are compressed'}`,
    ...(platforms.length === 0 ? [] : [`platform ${platforms.join(', ')}`]),
    ...(createsRepository ? [`creates  repository ${repository}`] : []),
    ...(first ? [] : ['layers   all there already']),
    ...layers.map(({ digest: layer, diffId = '', size, skipped, staged }) => {
      const what = skipped ? 'already there' : staged ? 'compress and send' : 'send';
      return `  ${shortDigest(layer ?? diffId)}  ${bytes(size).padStart(10)}  ${what}`;
    }),
    ...(changed === undefined ? [] : [`changed  ${changed}`]),
  ];
}

function totalLines(plan: PlannedPush): string[] {
  const { bytesSent, layersSent, bytesSkipped, layersSkipped, bytesStaged, layersStaged } = plan;
  const most = layersStaged > 0 ? 'at most ' : '';
  return [
    `send     ${most}${bytes(bytesSent)} in ${counted(layersSent, 'layer')}`,
    `skip     ${bytes(bytesSkipped)} in ${counted(layersSkipped, 'layer')} that ECR has`,
    ...(layersStaged === 0 ? [] : [`compress ${bytes(bytesStaged)} in ${counted(layersStaged, 'plain layer')}`]),
  ];
}

function expectedLines({ seconds, costUsd, takes, basis }: NonNullable<PlannedPush['expected']>): string[] {
  const time = seconds === undefined ? 'not known' : `about ${duration(seconds)}`;
  const { transitions, invocations, gbSeconds } = takes;
  const work = `${transitions} state transitions, ${invocations} invocations, ${gbSeconds.toFixed(1)} GB-seconds`;
  return [`time     ${time}`, `cost     about $${costUsd}: ${work}`, `         ${basis}`];
}

function verdict({ result, problems }: PlannedPush): string {
  if (result === 'SUCCEEDED') return 'A push would succeed, as far as can be seen. Nothing was sent.';
  const what = result === 'PARTIAL' ? 'would set some images aside' : 'would fail';
  return `A push ${what}: ${counted(problems.length, 'problem')}. Nothing was sent.`;
}
