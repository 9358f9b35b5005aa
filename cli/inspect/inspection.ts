import { SlipwayError } from '../../lambda/contract/errors';
import type { ReadOptions } from '../../lambda/contract/push-request';
import type { FoundImage, FoundImages } from '../../lambda/image/found-images';
import { readImages } from '../../lambda/image/read-images';
import { indexTar } from '../../lambda/tar/index-tar';
import type { Aws } from '../aws';
import { type Problem, problemOf } from '../problem';
import { type OpenTarball, openTarball } from '../tarball/open-tarball';
import { type ImageContents, imageContents } from './image-contents';

/** One image of a tarball. */
export interface InspectedImage extends ImageContents {
  /** How the tarball calls it, for people. */
  readonly name: string;
  /** What the tarball names it; none where it does not. */
  readonly names: readonly string[];
  /** Name of the image in the same tarball that this one is about. */
  readonly subject?: string;
  /** Why its digest in ECR is not one that the tarball names. */
  readonly changed?: string;
  /** Manifests and indexes that are put. */
  readonly manifests: number;
}

/** What is in a tarball: what `slipway inspect --json` prints. */
export interface Inspection {
  readonly tarball: string;
  /** Bytes, as it lies. */
  readonly size: number;
  /** Of one that is compressed as a whole. */
  readonly compression?: string;
  /** Bytes of the tar that it unpacks to. */
  readonly unpackedSize?: number;
  readonly images: readonly InspectedImage[];
  /** Why the tarball, or an image of it, cannot be pushed. */
  readonly problems: readonly Problem[];
  /** Choices worth telling, and all that is left out. */
  readonly notes: readonly string[];
}

/** Looks into one tarball, by the code that a push reads it with. Errors: CommandError, and those of S3. */
export async function inspectTarball(
  name: string,
  clients: () => Pick<Aws, 's3'>,
  options: ReadOptions,
): Promise<Inspection> {
  let opened: OpenTarball | undefined;
  try {
    opened = await openTarball(name, clients);
    return await inspectionOf(opened, options);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const outside = opened ? outsideOf(opened) : { tarball: name, size: 0 };
    return { ...outside, images: [], problems: [problemOf(name, error)], notes: [] };
  } finally {
    await opened?.close();
  }
}

async function inspectionOf(opened: OpenTarball, options: ReadOptions): Promise<Inspection> {
  const found = await readImages(opened.plain, await indexTar(opened.plain), options);
  const sound = found.images.filter(({ fault }) => !fault);
  const images: InspectedImage[] = [];
  for (const image of sound) images.push(await inspectedImage(image, found, opened));
  const problems = found.images.flatMap(({ name, fault }) => (fault ? [problemOf(name, fault)] : []));
  return { ...outsideOf(opened), images, problems, notes: found.notes };
}

function outsideOf({ name, size, compression, plain }: OpenTarball) {
  return { tarball: name, size, ...(compression ? { compression, unpackedSize: plain.size } : {}) };
}

async function inspectedImage(image: FoundImage, found: FoundImages, { plain }: OpenTarball): Promise<InspectedImage> {
  const { name, names, changed, manifests } = image;
  const subject = image.subject === undefined ? undefined : found.images[image.subject]?.name;
  return {
    name,
    names: names.map(({ text }) => text),
    ...(await imageContents(image, found, plain)),
    ...(subject === undefined ? {} : { subject }),
    ...(changed === undefined ? {} : { changed }),
    manifests: manifests.length,
  };
}
