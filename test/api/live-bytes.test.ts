import { setTimeout as sleep } from 'node:timers/promises';
import { Size } from 'aws-cdk-lib';
import type { Aws } from '../../cli/aws';
import { type Reporter, SILENT } from '../../cli/follow/reporter';
import { followToEnd } from '../../cli/push-tarball';
import type { ImageProgress } from '../../lambda/contract/push-api';
import { dockerArchive } from '../support/docker-archive-builder';
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
afterEach(() => slipway.cloud.faults.clear());
afterAll(() => slipway.stop());

test('GET /pushes/{id} and the command line see the bytes of a layer grow while one invocation sends them', async () => {
  const layer = layerOf({ seed: 1, size: PARTS * PART_SIZE });
  const builder = new OciLayoutBuilder();
  const tarball = builder.tarball([builder.image({ layers: [layer] })]).toBuffer();
  const [rest, seen] = [signal(), signal()];
  part(1, () => sleep(NOTES_BEGIN_MS));
  part(2, () => rest.given);
  const body = await start('team-a/large/1.tar', tarball);
  const told: number[] = [];
  const followed = follow(body.executionArn, (changed) => {
    told.push(...changed.filter(({ digest }) => digest === layer.digest).map(({ stored }) => stored));
    if (told.includes(2 * PART_SIZE)) seen.give();
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

test('and those of a plain layer while it is compressed, and sent on the way', async () => {
  const layer = layerOf({ seed: 2, size: 2 * PARTS * PART_SIZE });
  const [rest, seen] = [signal(), signal()];
  part(0, () => sleep(NOTES_BEGIN_MS));
  part(1, () => rest.given);
  const body = await start('team-a/large/2.tar', dockerArchive({ layers: [layer] }).tarball.toBuffer());
  const told: [string, number][] = [];
  const followed = follow(body.executionArn, (changed) => {
    told.push(
      ...changed
        .filter(({ digest }) => digest === layer.diffId)
        .map(({ state, stored }): [string, number] => [state, stored]),
    );
    if (told.some(([state, stored]) => state === 'compressing' && stored > 0)) seen.give();
  });
  let image: ImageProgress | undefined;
  while (!image?.plainLayers?.[0]?.compressed) {
    image = (await api.get(`pushes/${body.id}`)).body.images[0] as ImageProgress | undefined;
  }
  expect(image).toMatchObject({ state: 'pushing', plainLayers: [{ diffId: layer.diffId, size: layer.plain.length }] });
  expect(image.plainLayers[0]?.compressed).toBeLessThan(layer.plain.length);
  await seen.given;
  rest.give();
  expect((await followed).kind).toBe('pushed');
  expect(told.map(([state]) => state)).toEqual(['waiting', 'compressing', 'compressing', 'compressed']);
  const [ended] = (await api.get(`pushes/${body.id}`)).body.images;
  expect(ended).not.toHaveProperty('plainLayers');
});

/** What happens while ECR takes a part. */
function part(at: number, meanwhile: () => Promise<unknown>): void {
  const where = { partFirstByte: at * PART_SIZE };
  slipway.cloud.faults.add({ service: 'ecr', operation: 'UploadLayerPart', where, meanwhile });
}

/** Starts the push of a tarball by the API. */
async function start(key: string, tarball: Buffer): Promise<{ id: string; executionArn: string }> {
  // This push ends at once.
  const versionId = await slipway.put(key, tarball, { 'slipway-repository': 'elsewhere/Not a name' });
  await slipway.cloud.idle();
  const source = { bucket: slipway.cloud.dropBucket, key, versionId };
  return (await api.post('pushes', { source, repository: 'team-a/large', tags: ['1'] })).body;
}

function follow(executionArn: string, layers: Reporter['layers']): ReturnType<typeof followToEnd> {
  const clients = slipway as Pick<RunningSlipway, 's3' | 'ecr' | 'sfn'> as Aws;
  return followToEnd(clients, executionArn, 'the tarball', { ...SILENT, layers });
}

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
