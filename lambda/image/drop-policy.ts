import type { Drop } from '../contract/drop';
import { DestinationDenied } from '../contract/errors';
import { matchesPattern } from './repository-pattern';

/** DestinationDenied where the drop for this key does not allow the repository, or where there is no drop for it. */
export function requireAllowed(repository: string, key: string, drops: readonly Drop[]): void {
  const governing = dropsFor(key, drops);
  const patterns = governing.flatMap(({ repositories }) => repositories);
  if (patterns.some((pattern) => matchesPattern(pattern, repository))) return;
  const [drop] = governing;
  throw new DestinationDenied({
    found: `the object "${key}" may not go to repository "${repository}"`,
    expected: drop
      ? `one that the drop for "${drop.prefix}" allows: ${patterns.join(', ') || 'none'}`
      : 'a key under the prefix of a drop',
    remedy: 'Upload the tarball to the folder of that repository, or add the repository to a drop of this deployment.',
  });
}

/** Prefix of the drop that decides for this key, as it was given; undefined where the key lies under none. */
export function dropPrefix(key: string, drops: readonly Drop[]): string | undefined {
  return dropsFor(key, drops)[0]?.prefix;
}

/** The drops with the longest prefix that the key lies under; several where a prefix is given more than once. */
function dropsFor(key: string, drops: readonly Drop[]): Drop[] {
  const folder = `${key.split('/').slice(0, -1).join('/')}/`;
  const under = drops.filter(({ prefix }) => prefix === '' || folder.startsWith(asFolder(prefix)));
  const longest = Math.max(...under.map(({ prefix }) => asFolder(prefix).length));
  return under.filter(({ prefix }) => asFolder(prefix).length === longest);
}

function asFolder(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
