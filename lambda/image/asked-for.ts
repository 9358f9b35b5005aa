import type { PushRequest } from '../contract/push-request';

/** What the request or the object's metadata say of the destination. */
export interface AskedFor {
  readonly repository?: string;
  readonly tags?: readonly string[];
  /** Who says so, for messages. */
  readonly repositoryFrom?: string;
  readonly tagsFrom?: string;
}

const REPOSITORY = 'slipway-repository';
const TAGS = 'slipway-tags';

/** The request's `repository` and `tags`, each else from the metadata `slipway-repository` and `slipway-tags`. */
export function askedFor(
  request: Pick<PushRequest, 'repository' | 'tags'>,
  metadata: Readonly<Record<string, string>>,
): AskedFor {
  return { ...repositoryAsked(request.repository, metadata[REPOSITORY]), ...tagsAsked(request.tags, metadata[TAGS]) };
}

function repositoryAsked(requested: string | undefined, inMetadata = ''): AskedFor {
  if (requested !== undefined) return { repository: requested, repositoryFrom: 'the request' };
  const repository = inMetadata.trim();
  return repository === '' ? {} : { repository, repositoryFrom: `the metadata ${REPOSITORY}` };
}

function tagsAsked(requested: readonly string[] | undefined, inMetadata = ''): AskedFor {
  if (requested) return { tags: [...new Set(requested)], tagsFrom: 'the request' };
  const tags = inMetadata.split(',').map((tag) => tag.trim());
  const given = [...new Set(tags.filter((tag) => tag !== ''))];
  return given.length === 0 ? {} : { tags: given, tagsFrom: `the metadata ${TAGS}` };
}
