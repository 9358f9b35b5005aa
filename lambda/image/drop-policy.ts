import type { RepositorySettings } from '../contract/create-repositories';
import { type Drop, dropFolder } from '../contract/drop';
import { DestinationDenied, WrongRegistry } from '../contract/errors';
import { matchesPattern } from '../contract/repository-pattern';
import { subjectInTag } from './signature-tag';

/** DestinationDenied where there is no drop for this key. */
export function requireDrop(key: string, drops: readonly Drop[]): void {
  if (dropsFor(key, drops).length > 0) return;
  throw new DestinationDenied({
    found: `the object "${key}" lies under no drop`,
    expected: `a key under ${drops.map(({ prefix }) => `"${dropFolder(prefix)}"`).join(' or ')}`,
    remedy: 'Upload the tarball to the folder of a drop, or add one to this deployment.',
  });
}

/** WrongRegistry where this deployment may not push to the registry that is asked for. */
export function requireRegistry(registryId: string | undefined, ownAccount: string, others: readonly string[]): void {
  if (registryId === undefined || registryId === ownAccount || others.includes(registryId)) return;
  throw new WrongRegistry({
    found: `registry ${registryId} is none that this deployment may push to`,
    expected: [ownAccount, ...others].join(' or '),
    remedy: 'Correct registryId, leave it out, or add the account to `registries` of the deployment.',
    evidence: { registry: registryId, account: ownAccount },
  });
}

/** DestinationDenied where the drop for this key does not allow the repository or a tag, or where there is no drop. */
export function requireAllowed(
  { repository, tags }: { readonly repository: string; readonly tags: readonly string[] },
  key: string,
  drops: readonly Drop[],
): void {
  requireDrop(key, drops);
  const governing = dropsFor(key, drops);
  const allowing = governing.filter(({ repositories }) => matchesAny(repositories, repository));
  if (allowing.length === 0) throw repositoryDenied(repository, key, governing);
  const denied = tags.find((tag) => !allowing.some((drop) => allowsTag(drop, tag)));
  if (denied !== undefined) throw tagDenied(denied, key, allowing);
}

function repositoryDenied(repository: string, key: string, governing: readonly Drop[]): DestinationDenied {
  const patterns = governing.flatMap(({ repositories }) => repositories);
  return new DestinationDenied({
    found: `the object "${key}" may not go to repository "${repository}"`,
    expected: `one that the drop for "${governing[0]?.prefix}" allows: ${patterns.join(', ') || 'none'}`,
    remedy: 'Upload the tarball to the folder of that repository, or add the repository to a drop of this deployment.',
  });
}

function tagDenied(tag: string, key: string, allowing: readonly Drop[]): DestinationDenied {
  return new DestinationDenied({
    found: `the object "${key}" may not set the tag "${tag}"`,
    expected: `one that the drop for "${allowing[0]?.prefix}" allows: ${allowing.flatMap(({ tags = [] }) => tags).join(', ')}`,
    remedy: 'Push under another tag, or add the tag to the drop of this deployment.',
  });
}

function matchesAny(patterns: readonly string[], repository: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, repository));
}

// What is about an image, such as a signature, goes with it under the tag that its digest gives.
function allowsTag({ tags }: Drop, tag: string): boolean {
  return tags === undefined || subjectInTag(tag) !== undefined || tags.some((one) => matchesPattern(one, tag));
}

/** What a repository is created with by pushes of a key; undefined where the key's drop does not create it. */
export function settingsFor(repository: string, key: string, drops: readonly Drop[]): RepositorySettings | undefined {
  for (const drop of dropsFor(key, drops)) {
    const settings = settingsIn(drop, repository);
    if (settings) return settings;
  }
  return undefined;
}

/** What a drop creates a repository with; undefined where it does not create it. */
export function settingsIn(
  { repositories, createRepositories }: Drop,
  repository: string,
): RepositorySettings | undefined {
  if (!createRepositories || !matchesAny(repositories, repository)) return undefined;
  const { repositories: created = repositories, ...settings } = createRepositories;
  return matchesAny(created, repository) ? settings : undefined;
}

/** Prefix of the drop that decides for this key, as it was given; undefined where the key lies under none. */
export function dropPrefix(key: string, drops: readonly Drop[]): string | undefined {
  return dropsFor(key, drops)[0]?.prefix;
}

/** The drops with the longest prefix that the key lies under; several where a prefix is given more than once. */
function dropsFor(key: string, drops: readonly Drop[]): Drop[] {
  const folder = `${key.split('/').slice(0, -1).join('/')}/`;
  const under = drops.filter(({ prefix }) => prefix === '' || folder.startsWith(dropFolder(prefix)));
  const longest = Math.max(...under.map(({ prefix }) => dropFolder(prefix).length));
  return under.filter(({ prefix }) => dropFolder(prefix).length === longest);
}
