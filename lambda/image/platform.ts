import type { JsonNode } from './json-node';

/** What an image runs on. https://github.com/opencontainers/image-spec/blob/main/image-index.md */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** The platform that an object states, be it a config or the `platform` of a descriptor; `undefined` without one. */
export function platformIn(node: JsonNode): Platform | undefined {
  const texts = node.texts();
  const [os, architecture, variant] = ['os', 'architecture', 'variant'].map((name) => texts.get(name));
  if (!os || !architecture) return undefined;
  return { os, architecture, ...(variant ? { variant } : {}) };
}

/** Whether it is what was asked for as `os/architecture`, or `os/architecture/variant`. */
export function isPlatform({ os, architecture, variant }: Platform, asked: string): boolean {
  const [askedOs, askedArchitecture, askedVariant] = asked.split('/');
  if (os !== askedOs || architecture !== askedArchitecture) return false;
  // arm64 has one variant, and writers leave it out or not.
  return askedVariant === undefined || askedVariant === (variant ?? (architecture === 'arm64' ? 'v8' : undefined));
}

/** `linux/arm/v7`. */
export function shownPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}
