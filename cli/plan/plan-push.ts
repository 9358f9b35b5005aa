import { SlipwayError } from '../../lambda/contract/errors';
import { LARGEST_PACKED_LAYER } from '../../lambda/contract/packing';
import type { PlannedImage, PushPlan } from '../../lambda/contract/push-plan';
import type { PushRequest } from '../../lambda/contract/push-request';
import type { StagedLayer } from '../../lambda/contract/upload-plan';
import { destinationsFor } from '../../lambda/image/destination';
import { requireRegistry, settingsFor } from '../../lambda/image/drop-policy';
import type { FoundImages } from '../../lambda/image/found-images';
import { planPush } from '../../lambda/image/push-plan';
import { readImages } from '../../lambda/image/read-images';
import { withMetadata } from '../../lambda/image/request-in-metadata';
import { indexTar } from '../../lambda/tar/index-tar';
import { isSentEarly } from '../../lambda/upload/sent-early';
import type { Aws } from '../aws';
import type { Deployed } from '../deployed';
import { imageContents } from '../inspect/image-contents';
import { type Problem, problemIn, problemOf } from '../problem';
import type { OpenTarball } from '../tarball/open-tarball';
import { earlierPushes, expectedOf } from './expected';
import { verifiedBy } from './packed-layers';
import { asCompressed, layersNeeded, rootDigest } from './planned-layers';
import type { PlanImage, PlanLayer, PlannedPush } from './planned-push';
import { accountOf, isOwnRegistry, type RepositoryView, viewRepository } from './registry-view';
import { stagedBefore } from './staged-layers';
import { limitProblems, totals } from './totals';
import { workloadOf } from './workload';

/** What a plan is asked for. */
export interface PlanOrder {
  readonly tarball: OpenTarball;
  /** Key that it lies under, or would go under. */
  readonly key: string;
  readonly request: PushRequest;
}

const EVERYWHERE = [{ prefix: '', repositories: ['*'] }];

/** What a push would do, found by the code that does it and by calls that only read. Errors: those of AWS. */
export async function planOf(aws: Aws, deployed: Deployed, order: PlanOrder): Promise<PlannedPush> {
  const { tarball, key } = order;
  const outside = { tarball: tarball.name, key, size: tarball.size };
  try {
    const request = withMetadata(order.request, tarball.metadata);
    if (deployed.registries) requireRegistry(request.registryId, accountOf(deployed), deployed.registries);
    const found = await readImages(tarball.plain, await indexTar(tarball.plain), request);
    const drops = deployed.drops ?? EVERYWHERE;
    const destinations = destinationsFor({ images: found.images, key, request, metadata: tarball.metadata, drops });
    const source = tarball.version ?? { bucket: deployed.dropBucket, key, etag: '', size: tarball.size };
    const inline = found.inlineBlobs.map(({ digest, data, entry }) => ({
      digest,
      size: data.length,
      entry,
      firstByte: 0,
    }));
    const all = { ...found, blobs: [...found.blobs, ...inline] };
    const isOwn = isOwnRegistry(request.registryId, deployed);
    const createWith = (repository: string) => (isOwn ? settingsFor(repository, key, drops) : undefined);
    const plan = planPush({ found: all, destinations, source, request, createWith });
    const notes = deployed.drops ? plan.notes : [...plan.notes, 'The stack does not tell who may push where.'];
    return { ...outside, ...(await withRegistry(aws, deployed, plan, { found, tarball })), notes };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return {
      ...outside,
      ...totals([]),
      result: 'FAILED',
      images: [],
      problems: [problemOf(tarball.name, error)],
      notes: [],
    };
  }
}

async function withRegistry(
  aws: Aws,
  deployed: Deployed,
  plan: PushPlan,
  from: { readonly found: FoundImages; readonly tarball: OpenTarball },
): Promise<Omit<PlannedPush, 'tarball' | 'key' | 'size' | 'notes'>> {
  const diffIds = plan.plainLayers.map(({ diffId }) => diffId);
  const staged = await stagedBefore(aws, deployed.workBucket, diffIds, plan.compression);
  const problems: Problem[] = plan.failedImages.map(({ name, code, message }) => problemIn(name, code, message));
  const views = new Map<string, RepositoryView>();
  const { registryId } = plan;
  for (const [repository, createWith] of new Map(plan.images.map((image) => [image.repository, image.createWith]))) {
    const view = await viewRepository(aws, deployed, { repository, registryId, mayCreate: createWith !== undefined });
    problems.push(...view.problems);
    views.set(repository, view);
  }
  const verifyOf = verifiedBy(plan, new Set(from.found.inlineBlobs.map(({ digest }) => digest)));
  const before = { sent: new Set<string>(), staged: new Set<string>(), created: new Set<string>() };
  const images: PlanImage[] = [];
  for (const image of plan.images) {
    const view = views.get(image.repository);
    const { layers, denied } = await layersOf(image, { plan, staged, view, verifyOf, before });
    problems.push(...denied);
    const its = from.found.images.find(({ name, manifests }) => name === image.name && manifests.length > 0);
    const platforms = its ? (await imageContents(its, from.found, from.tarball.plain)).platforms : [];
    images.push(planImage(image, { deployed, plan, staged, platforms, layers, isCreated: view?.isCreated ?? false }));
  }
  const sums = totals(images);
  problems.push(...limitProblems(images, from.tarball.name));
  const bad = problems.length > 0;
  const result = !bad ? 'SUCCEEDED' : isAnySound(images, views) && plan.failedImages.length > 0 ? 'PARTIAL' : 'FAILED';
  const takes = workloadOf(images);
  const expected = expectedOf(sums.bytesSent, takes, await earlierPushes(aws, deployed));
  return { result, images, ...sums, expected, problems: distinct(problems) };
}

async function layersOf(
  image: PlannedImage,
  about: {
    readonly plan: PushPlan;
    readonly staged: ReadonlyMap<string, StagedLayer>;
    readonly view: RepositoryView | undefined;
    readonly verifyOf: ReturnType<typeof verifiedBy>;
    /** What the images before it have sent, compressed and created. */
    readonly before: { readonly sent: Set<string>; readonly staged: Set<string>; readonly created: Set<string> };
  },
): Promise<{ layers: PlanLayer[]; denied: readonly Problem[] }> {
  const { plan, staged, view, verifyOf, before } = about;
  const needed = layersNeeded(image, plan, staged);
  const isThere = !view?.isCreated || before.created.has(image.repository);
  if (view?.isCreated) before.created.add(image.repository);
  const digests = needed.flatMap(({ digest }) => digest ?? []);
  const { available, problems } = (await view?.available(digests)) ?? { available: new Set(), problems: [] };
  const layers = needed.map((known): PlanLayer => {
    const isThereAlready = known.digest !== undefined && available.has(known.digest);
    const layer = isThereAlready ? known : asCompressed(known, plan, staged);
    const name = `${image.repository}@${layer.digest ?? layer.diffId}`;
    const skipped = isThereAlready || before.sent.has(name);
    before.sent.add(name);
    const verify = verifyOf(layer, isThere);
    const { diffId = '', size } = layer;
    const isStaged = layer.staged && !skipped && !before.staged.has(diffId);
    if (isStaged) before.staged.add(diffId);
    const sentEarly =
      isStaged && isThere && isSentEarly({ asked: plan.verify, size, largestPacked: LARGEST_PACKED_LAYER });
    return { ...layer, skipped, bytesSent: skipped ? 0 : size, staged: isStaged, sentEarly, verify };
  });
  return { layers, denied: problems };
}

function planImage(
  image: PlannedImage,
  about: {
    readonly deployed: Deployed;
    readonly plan: PushPlan;
    readonly staged: ReadonlyMap<string, StagedLayer>;
    readonly platforms: readonly string[];
    readonly layers: readonly PlanLayer[];
    readonly isCreated: boolean;
  },
): PlanImage {
  const { deployed, plan, staged, platforms, layers, isCreated } = about;
  const digest = rootDigest(image, plan.blobs, staged);
  const { name, repository, tags, changed } = image;
  return {
    outcome: 'planned',
    name,
    repository,
    registryId: plan.registryId ?? accountOf(deployed),
    tags,
    ...(digest === undefined ? {} : { digest }),
    ...(changed === undefined ? {} : { changed }),
    platforms,
    createsRepository: isCreated,
    layers,
  };
}

function isAnySound(images: readonly PlanImage[], views: ReadonlyMap<string, RepositoryView>): boolean {
  return images.some(({ repository }) => views.get(repository)?.problems.length === 0);
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
