import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { type Aws, aws } from '../../cli/aws';
import { type Deployed, findDeployed } from '../../cli/deployed';
import { planOf } from '../../cli/plan/plan-push';
import { openTarball } from '../../cli/tarball/open-tarball';
import type { PushRequest } from '../../lambda/contract/push-request';
import { dockerArchive } from '../support/docker-archive-builder';
import { layerOf } from '../support/image-parts';
import { OciLayoutBuilder, ociLayout } from '../support/oci-layout-builder';
import { RunningSlipway } from '../support/running-slipway';
import type { Tarball } from '../support/tar-writer';

jest.setTimeout(180_000);

const MIB = 1024 ** 2;

let slipway: RunningSlipway;
let clients: Aws;
let deployed: Deployed;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-plan-'));
  slipway = await RunningSlipway.start();
  for (const repositoryName of ['there', 'other', 'third']) {
    await slipway.ecr.send(new CreateRepositoryCommand({ repositoryName }));
  }
  clients = aws(slipway.cloud.environment);
  deployed = await findDeployed(clients, 'SlipwayStack');
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await slipway.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What `slipway plan` says that a push takes, and what it then takes. */
async function plannedAndTaken(key: string, content: Tarball, asked: Partial<PushRequest> = {}) {
  const path = join(folder, 'image.tar');
  writeFileSync(path, content.toBuffer());
  const tarball = await openTarball(path, () => clients);
  const request = { source: { bucket: deployed.dropBucket, key }, ...asked } as PushRequest;
  const { result, expected } = await planOf(clients, deployed, { tarball, key, request });
  await tarball.close();
  const metadata: Record<string, string> = asked.verify === undefined ? {} : { 'slipway-verify': asked.verify };
  const push = await slipway.drop(key, content.toBuffer(), metadata);
  expect([result, push.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  const history = await slipway.history(push.executionArn);
  const invocations = history.filter(({ type }) => type === 'TaskScheduled' || type === 'LambdaFunctionScheduled');
  const { transitions, events, invocations: planned } = expected?.takes ?? {};
  return {
    planned: { transitions, events, invocations: planned },
    // And SendNotice, which comes after it.
    taken: { transitions: push.states.length, events: history.length, invocations: invocations.length + 1 },
  };
}

const layout = (...layers: { size: number }[]) => {
  const builder = new OciLayoutBuilder();
  return builder.tarball([
    builder.image({ layers: layers.map(({ size }, seed) => layerOf({ seed: seed + 50, size })) }),
  ]);
};

const largePlain = (seed: number) => dockerArchive({ layers: [layerOf({ seed, size: 33 * MIB })] }).tarball;

test.each<[string, string, () => Tarball, Partial<PushRequest>]>([
  ['many small layers', 'small/1.tar', () => ociLayout({ layers: 60, size: 1_000, seed: 2 }).tarball, {}],
  ['one large layer', 'large/1.tar', () => layout({ size: 40 * MIB }), {}],
  [
    'large and small layers',
    'mixed/1.tar',
    () => layout({ size: 33 * MIB }, { size: 5 * MIB }, { size: 35 * MIB }),
    {},
  ],
  ['layers that ECR has', 'mixed/2.tar', () => layout({ size: 33 * MIB }, { size: 5 * MIB }, { size: 35 * MIB }), {}],
  [
    'layers that only ECR verifies',
    'by-ecr/1.tar',
    () => layout({ size: 34 * MIB }, { size: 9 }),
    { verify: 'by-ecr' },
  ],
  ['plain layers', 'plain/1.tar', () => dockerArchive({ layers: 3, size: 5_000, seed: 3 }).tarball, {}],
  [
    'plain layers that were compressed before',
    'plain/2.tar',
    () => dockerArchive({ layers: 3, size: 5_000, seed: 3 }).tarball,
    {},
  ],
  ['a large plain layer, to a repository that is there', 'there/1.tar', () => largePlain(70), {}],
  ['a large plain layer that ECR has', 'there/2.tar', () => largePlain(70), {}],
  ['a large plain layer that only another repository has', 'other/1.tar', () => largePlain(70), {}],
  ['a large plain layer that was copied since', 'third/1.tar', () => largePlain(70), {}],
  ['a large plain layer, to a repository that is to be created', 'created/1.tar', () => largePlain(71), {}],
  [
    'several images',
    'several.tar',
    () =>
      dockerArchive({
        images: ['a', 'b', 'c'].map((name, at) => ({ layers: 2, seed: 100 * at + 7, tags: [`several/${name}:1`] })),
      }).tarball,
    {},
  ],
])('a plan counts what a push takes: %s', async (_, key, content, asked) => {
  const { planned, taken } = await plannedAndTaken(key, content(), asked);
  expect(planned).toEqual(taken);
});
