import * as z from 'zod';
import { plainTarball } from '../aws/plain-tarball';
import { describeObject, rangedReader } from '../aws/source-object';
import { stageInlineBlobs } from '../aws/staged-inline';
import { writeDocument } from '../aws/work-bucket';
import { DOCUMENT_KEYS } from '../contract/document-keys';
import { Drop } from '../contract/drop';
import { InspectTarballInput, type InspectTarballOutput } from '../contract/steps';
import { destinationsFor } from '../image/destination';
import { requireDrop, requireRegistry, settingsFor } from '../image/drop-policy';
import { splitKey } from '../image/object-key';
import { planPush } from '../image/push-plan';
import { readImages } from '../image/read-images';
import { withMetadata } from '../image/request-in-metadata';
import { indexTar } from '../tar/index-tar';
import { plainLayersOf } from '../upload/resolve-plan';
import { assertPushFits } from '../upload/workflow-limits';
import { parseRequest } from './wiring/parse-request';
import { step, variable } from './wiring/step';

// What unpacking may still need after the time is looked at: the parts under way, and reading the headers.
const RESERVE_MS = 60_000;

/** Reads headers and manifests of the tarball by ranged GET and decides what goes where: plan.json. */
export const handler = step(InspectTarballInput, async ({ request, execution }, { workBucket, owner, context }) => {
  const asked = parseRequest(request, 'Correct the input of StartExecution.');
  const drops = z.array(Drop).parse(JSON.parse(variable('SLIPWAY_DROPS')));
  const registries = z.array(z.string()).parse(JSON.parse(variable('SLIPWAY_REGISTRIES')));
  // Before any call on AWS: what no deployment allows is not even read.
  splitKey(asked.source.key);
  requireDrop(asked.source.key, drops);
  requireRegistry(asked.registryId, owner, registries);
  const { version, metadata } = await describeObject(asked.source, owner);
  const push = withMetadata(asked, metadata);
  requireRegistry(push.registryId, owner, registries);
  const mayGoOn = () => context.getRemainingTimeInMillis() > RESERVE_MS;
  const tarball = await plainTarball(version, { workBucket, owner, mayGoOn });
  const reader = rangedReader(tarball.source, owner);
  const found = await readImages(reader, await indexTar(reader), push);
  const destinations = destinationsFor({ images: found.images, key: version.key, request: push, metadata, drops });
  const inlineAt = (digest: string) => ({ bucket: workBucket, key: DOCUMENT_KEYS.inline(execution, digest) });
  const inline = await stageInlineBlobs(found.inlineBlobs, inlineAt, owner);
  const blobs = [...found.blobs, ...inline];
  const isOwn = (push.registryId ?? owner) === owner;
  const createWith = (repository: string) => (isOwn ? settingsFor(repository, version.key, drops) : undefined);
  const document = planPush({ found: { ...found, blobs }, destinations, ...tarball, request: push, createWith });
  const images = document.images.map((image, index) => ({ image: index, plainLayers: plainLayersOf(document, image) }));
  assertPushFits(images);
  const plan = { bucket: workBucket, key: DOCUMENT_KEYS.plan(execution) };
  await writeDocument(plan, owner, document);
  return { execution, plan, images } satisfies InspectTarballOutput;
});
