import type { Drop } from '../contract/drop';
import { KeyInvalid, RequestInvalid, type SlipwayError, TagInvalid } from '../contract/errors';
import type { PushRequest } from '../contract/push-request';
import { type AskedFor, askedFor } from './asked-for';
import { requireAllowed } from './drop-policy';
import type { FoundImage } from './found-images';
import { grouped } from './grouped';
import { imageFault, withoutSubject } from './image-fault';
import { type KeyParts, splitKey } from './object-key';
import type { Reference } from './reference';
import { isRepositoryName, isTag, REPOSITORY_RULE, TAG_RULE } from './repository-name';

/** Where one image goes; an image may go to several repositories. */
export interface Destination {
  /** Number of the image among those given. */
  readonly image: number;
  /** Empty where there is a fault, and nothing names it. */
  readonly repository: string;
  /** None for an image that is pushed by digest alone. */
  readonly tags: readonly string[];
  /** Why the image cannot go there. */
  readonly fault?: SlipwayError;
}

/** What names the destinations of a tarball's images. */
export interface DestinationInput {
  readonly images: readonly Pick<FoundImage, 'name' | 'names' | 'subject' | 'fault'>[];
  readonly key: string;
  readonly request: Pick<PushRequest, 'repository' | 'tags'>;
  /** Metadata of the object, names in lower case without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly drops: readonly Drop[];
}

type NamedImage = DestinationInput['images'][number];

const NAME_IT =
  'Give "repository" and "tags" in the request, or the metadata slipway-repository and slipway-tags, ' +
  'or upload under a key such as "team-a/app/1.4.2.tar".';

/**
 * Decides where images go: by request, else by object metadata, else by key, and for several images or an object at
 * the top of the bucket by the names inside. KeyInvalid, TagInvalid and DestinationDenied are faults of one destination,
 * and thrown where it is the only image's, or where none is without; RequestInvalid.
 */
export function destinationsFor({ images, key, request, metadata, drops }: DestinationInput): Destination[] {
  const asked = askedFor(request, metadata);
  const place = splitKey(key);
  const own = [...images.entries()].filter(([, { subject }]) => subject === undefined);
  if (own.length > 1 && asked.tags) throw tagsForSeveral(own.length, asked);
  const isSeveral = own.length > 1;
  const checked = (target: Target) =>
    target.fault ? target : orFault(target, () => requireLegal(target, { asked, isSeveral, key, drops }));
  const named = own.flatMap(([image, found]) =>
    targetsOf(found, () => (isSeveral ? severalTo(found, asked, place) : oneTo(found, asked, place)))
      .map(checked)
      .map((to) => ({ image, ...to })),
  );
  const all = withReferrers(named, images, checked);
  if (!isSeveral) refuseFirst(named.filter(({ fault }) => fault));
  if (all.every(({ fault }) => fault)) refuseFirst([...images.filter(({ fault }) => fault), ...all]);
  return all;
}

type Target = Omit<Destination, 'image'>;

function refuseFirst([first]: readonly { readonly fault?: SlipwayError }[]): void {
  if (first?.fault) throw first.fault;
}

function orFault(target: Target, check: () => void): Target {
  try {
    check();
    return target;
  } catch (error) {
    return { ...target, fault: imageFault(error) };
  }
}

/** Where an image goes, or would go if it were sound. */
function targetsOf({ fault }: NamedImage, name: () => Target[]): Target[] {
  try {
    return name().map((target) => (fault ? { ...target, fault } : target));
  } catch (error) {
    return [{ repository: '', tags: [], fault: fault ?? imageFault(error) }];
  }
}

interface Rules extends Pick<DestinationInput, 'key' | 'drops'> {
  readonly asked: AskedFor;
  readonly isSeveral: boolean;
}

function requireLegal({ repository, tags }: Target, { asked, isSeveral, key, drops }: Rules): void {
  if (!isRepositoryName(repository)) throw badRepository(repository, asked, isSeveral);
  for (const tag of tags) if (!isTag(tag)) throw badTag(tag);
  requireAllowed({ repository, tags }, key, drops);
}

/** The only image of a tarball. */
function oneTo({ name, names }: NamedImage, asked: AskedFor, { folder, stem }: KeyParts): Target[] {
  const repository = asked.repository ?? folder;
  if (repository === '') {
    const inside = byRepository(names);
    if (inside.length === 0) throw unnamed(name);
    return inside.map((target) => ({ ...target, tags: asked.tags ?? target.tags }));
  }
  if (asked.tags) return [{ repository, tags: asked.tags }];
  if (folder !== '') return [{ repository, tags: [stem] }];
  if (names.length === 0) throw unnamed(name);
  return [{ repository, tags: tagsOf(names) }];
}

/** One of several images: all go under one folder, by their own names. */
function severalTo({ name, names }: NamedImage, asked: AskedFor, { folder }: KeyParts): Target[] {
  const under = asked.repository ?? folder;
  const path = (own: string | undefined) => [under, own ?? ''].filter((part) => part !== '').join('/');
  const groups = grouped(names, ({ repository }) => path(repository));
  if (names.length === 0 || groups.has('')) throw unnamed(name);
  return [...groups].map(([repository, group]) => ({ repository, tags: tagsOf(group) }));
}

function byRepository(names: readonly Reference[]): Target[] {
  const groups = grouped(names, ({ repository }) => repository ?? '');
  groups.delete('');
  return [...groups].map(([repository, group]) => ({ repository, tags: tagsOf(group) }));
}

function tagsOf(names: readonly Reference[]): string[] {
  return [...new Set(names.flatMap(({ tag }) => tag ?? []))];
}

// Signatures, SBOMs and the like go where the image goes that they are about.
function withReferrers(
  named: readonly Destination[],
  images: readonly NamedImage[],
  checked: (target: Target) => Target,
): Destination[] {
  const all = grouped(named, ({ image }) => image);
  for (const [image, { subject, names, fault: own }] of images.entries()) {
    if (subject === undefined) continue;
    const targets = (all.get(subject) ?? []).map((to): Destination => {
      const fault = own ?? (to.fault && withoutSubject(images[subject]?.name ?? to.repository));
      return { image, ...checked({ repository: to.repository, tags: tagsOf(names), ...(fault ? { fault } : {}) }) };
    });
    all.set(image, targets);
  }
  return [...all.values()].flat();
}

function tagsForSeveral(images: number, { tagsFrom }: AskedFor): RequestInvalid {
  const expected = 'no tags, for each image takes its own from inside';
  const remedy = 'Leave out the tags, or drop a tarball of one image.';
  return new RequestInvalid({ found: `${tagsFrom} gives tags for a tarball of ${images} images`, expected, remedy });
}

function badRepository(repository: string, { repositoryFrom }: AskedFor, isSeveral: boolean): Error {
  const found = `"${repository}" is no repository name that ECR takes`;
  if (repositoryFrom !== undefined && !isSeveral) {
    const remedy = 'Correct the repository.';
    return new RequestInvalid({ found: `${repositoryFrom}: ${found}`, expected: REPOSITORY_RULE, remedy });
  }
  return new KeyInvalid({ found, expected: REPOSITORY_RULE, remedy: NAME_IT });
}

function badTag(tag: string): TagInvalid {
  return new TagInvalid({ found: `"${tag}" is no tag that ECR takes`, expected: TAG_RULE, remedy: NAME_IT });
}

function unnamed(image: string): KeyInvalid {
  return new KeyInvalid({
    found: `nothing names the repository and tag of image ${image}`,
    expected: 'a name in the tarball, the key, the metadata or the request',
    remedy: `${NAME_IT} In a tarball of several images each needs a name inside.`,
  });
}
