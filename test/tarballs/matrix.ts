import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Section } from '../fixtures';
import type { ExpectedImage, Fixture, Made, Pushed } from '../fixtures/fixture';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';
import { hasRepository, hasSkopeo, registrySource, skopeoSource } from './image-sources';
import { inspectedBytes } from './inspected-bytes';
import { type Line, tableOf } from './line';
import { pulledImage } from './pulled-image';

const lines: Line[] = [];
let slipway: RunningSlipway;
let folder: string;
let canSkopeo: boolean;

/** Pushes each fixture, and prints what came of it. */
export function pushEach(sections: readonly Section[]): void {
  beforeAll(start);
  afterAll(end);
  describe.each(sections)('%s', (_, fixtures) => {
    test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', pushOne);
  });
}

/** Where a fixture is dropped. */
export function keyOf({ name }: Fixture, { key }: Made): string {
  return (
    key ??
    `matrix/${name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()
      .replaceAll(' ', '-')}/1.0.tar`
  );
}

async function start(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'slipway-tarballs-'));
  canSkopeo = await hasSkopeo();
  const drops = [{ prefix: '', repositories: ['*'], createRepositories: {} }];
  slipway = await RunningSlipway.start({ stack: { drops } });
}

async function end(): Promise<void> {
  process.stdout.write(`\n${tableOf(lines)}\n`);
  await slipway.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function pushOne(name: string, fixture: Fixture): Promise<void> {
  const made = fixture.make();
  const key = keyOf(fixture, made);
  const place = made.request ? `requested/${key}` : key;
  const line: Line = { name, inspected: await inspectedBytes(made) };
  lines.push(line);
  const push = await pushed(made, key, place);
  const images = await pushedImages(push);
  Object.assign(line, { result: push.diagnosis?.code ?? 'pushed', images: images.length });
  if ('error' in made.expected) await expectRefusal(push, made.expected.error, made.expected.tells, place);
  else await expectImages(push, images, made.expected, place);
  if ('error' in made.expected) return;
  line.skopeo = canSkopeo ? await skopeoVerdict(made.expected.images, place, made.skopeoCannot) : 'no skopeo';
}

/** Drops the tarball; what a request asks for goes to a place of its own, for the drop alone pushes as well. */
async function pushed({ tarball, outer, request }: Made, key: string, place: string): Promise<EndedPush> {
  const bytes = tarball.toBuffer();
  const dropped = await slipway.drop(key, outer ? outer(bytes) : bytes);
  if (!request) return dropped;
  const source = { bucket: slipway.cloud.dropBucket, key };
  return slipway.startExecution({ source, repository: folderOf(place), tags: ['1.0'], ...request });
}

async function expectRefusal({ diagnosis }: EndedPush, error: string, tells: string, key: string): Promise<void> {
  expect(diagnosis).toMatchObject({ code: error, retryable: false });
  expect(`${diagnosis?.cause} ${diagnosis?.remedy}`).toContain(tells);
  expect(await hasRepository(slipway.cloud.registry, folderOf(key))).toBe(false);
}

/** The images that are there; where some are not, the receipt in the work bucket tells. */
async function pushedImages(push: EndedPush): Promise<readonly { tags: readonly string[] }[]> {
  if (push.diagnosis?.code !== 'PartialPush') return push.receipt?.images ?? [];
  const { images } = (await slipway.document(push, 'receipt')) as { images: { outcome: string; tags: string[] }[] };
  return images.filter(({ outcome }) => outcome === 'pushed');
}

async function expectImages(
  push: EndedPush,
  there: readonly { tags: readonly string[] }[],
  { images, failed = [] }: Pushed,
  key: string,
): Promise<void> {
  expect(push.diagnosis?.code).toBe(failed.length === 0 ? undefined : 'PartialPush');
  const rows = Object.values(push.diagnosis?.evidence ?? {}).filter((row) => !row.startsWith('pushed'));
  expect(rows).toEqual(failed.map(({ error, tells }) => expect.stringMatching(`^${error} .*${tells}`)));
  expect(there.flatMap(({ tags }) => tags.length || 1).reduce((sum, tags) => sum + tags, 0)).toBe(images.length);
  for (const image of images) {
    const { repository, reference } = placeOf(image, key);
    const found = await pulledImage(registrySource(slipway.cloud.registry, repository, reference));
    expect(found).toEqual(wanted(image, found.digest));
  }
}

/** What is wanted of a pulled image, whose digest is free where the tarball has none. */
function wanted({ digest, configs }: ExpectedImage, found: string) {
  return { digest: digest ?? found, configs };
}

async function skopeoVerdict(images: readonly ExpectedImage[], key: string, cannot?: RegExp): Promise<string> {
  for (const [at, image] of images.entries()) {
    const { repository, reference } = placeOf(image, key);
    const name = `${slipway.cloud.registry}/${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
    const pulling = skopeoSource(name, join(folder, `${lines.length}-${at}`));
    if (cannot) {
      await expect(pulling).rejects.toThrow(cannot);
      return `skopeo cannot: ${cannot.source}`;
    }
    const found = await pulledImage(await pulling);
    expect(found).toEqual(wanted(image, found.digest));
  }
  return 'skopeo ok';
}

function placeOf({ at = ':1.0' }: ExpectedImage, key: string): { repository: string; reference: string } {
  const [, path = '', reference = ''] = /^([^:@]*)[:@](.+)$/.exec(at) ?? [];
  const repository = [folderOf(key), path].filter((part) => part !== '').join('/');
  return { repository, reference };
}

function folderOf(key: string): string {
  return key.split('/').slice(0, -1).join('/');
}
