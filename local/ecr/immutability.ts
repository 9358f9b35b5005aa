import { matches } from './input';

/** A repository's setting. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html */
export const TAG_MUTABILITY = ['MUTABLE', 'IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION'] as const;
export type TagMutability = (typeof TAG_MUTABILITY)[number];

/** Tells whether a tag, once set, may not be set again: filters are globs in which `*` stands for any run of characters. */
export function isFrozen(tag: string, setting: TagMutability, filters: readonly string[]): boolean {
  const excluded = filters.some((filter) => matches(globPattern(filter), tag));
  switch (setting) {
    case 'MUTABLE':
      return false;
    case 'IMMUTABLE':
      return true;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded;
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded;
  }
}

function globPattern(filter: string): string {
  return filter.replaceAll('.', '\\.').replaceAll(/\*+/g, '.*');
}
