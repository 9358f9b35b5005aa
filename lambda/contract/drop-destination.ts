/** One tag of one repository. */
export interface DropDestination {
  readonly repository: string;
  readonly tag: string;
}

/** What `REPOSITORY[:TAG]` names, `latest` where no tag is given; undefined for what is no destination. */
export function parseDestination(text: string): DropDestination | undefined {
  const colon = text.lastIndexOf(':');
  const repository = colon < 0 ? text : text.slice(0, colon);
  const tag = colon < 0 ? 'latest' : text.slice(colon + 1);
  return repository === '' || tag === '' || tag.includes('/') ? undefined : { repository, tag };
}

/** The key by which a dropped tarball goes there. */
export function keyTo({ repository, tag }: DropDestination): string {
  return `${repository}/${tag}.tar`;
}
