import { setTimeout as sleep } from 'node:timers/promises';
import { Size } from 'aws-cdk-lib';
import type { Aws } from '../../cli/aws';
import { SILENT } from '../../cli/follow/reporter';
import { followToEnd } from '../../cli/push-tarball';
import { layerOf } from '../support/image-parts';
import { OciLayoutBuilder } from '../support/oci-layout-builder';
import { RunningSlipway } from '../support/running-slipway';
import { SignedClient } from './signed-client';

// Functions start for the first time, and parts take longer than the notes that are left of them.
jest.setTimeout(180_000);

const PART_SIZE = 5 * 1024 * 1024;
const PARTS = 4;
/** A note is left when an invocation has taken as long as this. */
const NOTES_BEGIN_MS = 5_000;

let slipway: RunningSlipway;
let api: SignedClient;
beforeAll(async () => {
  slipway = await RunningSlipway.start({ partSize: PART_SIZE, stack: { largestPackedLayer: Size.bytes(PART_SIZE) } });
  api = new SignedClient(slipway.cloud.apiUrl);
});
afterAll(() => slipway.stop());

test('GET /pushes/{id} and the command line see the bytes of a layer grow while one invocation sends them', async () => {
  const layer = layerOf({ seed: 1, size: PARTS * PART_SIZE });
  const builder = new OciLayoutBuilder();
  const key = 'team-a/large/1.tar';
  const versionId = await slipway.put(key, builder.tarball([builder.image({ layers: [layer] })]).toBuffer(), {
    'slipway-repository': 'elsewhere/Not a name',
  });
  await slipway.cloud.idle();
  const [rest, seen] = [signal(), signal()];
  const part = (at: number, meanwhile: () => Promise<unknown>) => {
    const where = { partFirstByte: at * PART_SIZE };
    slipway.cloud.faults.add({ service: 'ecr', operation: 'UploadLayerPart', where, meanwhile });
  };
  part(1, () => sleep(NOTES_BEGIN_MS));
  part(2, () => rest.given);

  const source = { bucket: slipway.cloud.dropBucket, key, versionId };
  const { body } = await api.post('pushes', { source, repository: 'team-a/large', tags: ['1'] });
  const told: number[] = [];
  const clients = slipway as Pick<RunningSlipway, 's3' | 'ecr' | 'sfn'> as Aws;
  const followed = followToEnd(clients, body.executionArn, key, {
    ...SILENT,
    layers: (changed) => {
      told.push(...changed.filter(({ digest }) => digest === layer.digest).map(({ stored }) => stored));
      if (told.includes(2 * PART_SIZE)) seen.give();
    },
  });
  let sent = 0;
  while (sent === 0) sent = (await progress(body.id, layer.digest))?.sent ?? 0;
  expect(await progress(body.id, layer.digest)).toMatchObject({ state: 'sending', sent: 2 * PART_SIZE });
  await seen.given;
  rest.give();
  expect((await followed).kind).toBe('pushed');
  expect([...new Set(told)]).toEqual([0, 2 * PART_SIZE, layer.stored.length]);
  const { states } = await slipway.describe(body.executionArn);
  expect(states.filter((state) => state === 'UploadLayerParts')).toHaveLength(1);
});

function signal(): { given: Promise<void>; give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

async function progress(id: string, digest: string): Promise<{ state: string; sent: number } | undefined> {
  const { body } = await api.get(`pushes/${id}`);
  return body.images[0]?.layers?.find((one: { digest: string }) => one.digest === digest);
}
