import type { Catalog } from './catalog';
import { type Place, repositoryNotFound } from './errors';
import { type Fields, optionalText, text } from './input';
import type { Repository } from './repository';
import { REGISTRY_ID, REPOSITORY_NAME } from './rules';
import type { Tally } from './tally';
import type { UploadDesk } from './upload-desk';

/** What every operation works with. */
export interface Registry {
  readonly region: string;
  readonly accountId: string;
  /** Bytes; what InitiateLayerUpload recommends. */
  readonly partSize: number;
  /** A part of more than 10 MiB is refused. */
  readonly strictPartSize: boolean;
  /** When a layer is completed, open uploads whose bytes so far are the same layer's are dropped. */
  readonly dropSiblings: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Signs tokens and download addresses. */
  readonly secret: Buffer;
  readonly catalog: Catalog;
  readonly uploads: UploadDesk;
  readonly tally: Tally;
}

/** One operation of the API. `origin` is how the caller reaches this server, such as `http://127.0.0.1:4566`. */
export type Operation<Reply extends object = object> = (
  registry: Registry,
  input: Fields,
  origin: string,
) => Promise<Reply>;

/** The registry a call is for: the caller's own where none is named. */
export function registryIdIn(registry: Registry, input: Fields): string {
  return optionalText(input, 'registryId', REGISTRY_ID) ?? registry.accountId;
}

/** The place that a call names, whether it exists or not. */
export function placeIn(registry: Registry, input: Fields): Place {
  return {
    registryId: registryIdIn(registry, input),
    repositoryName: text(input, 'repositoryName', REPOSITORY_NAME),
  };
}

/** The repository at a place. Throws RepositoryNotFoundException, in another account's registry always. */
export function repositoryAt(registry: Registry, place: Place): Repository {
  const repository = registry.catalog.repositories.get(place.repositoryName);
  if (repository === undefined || place.registryId !== registry.accountId) throw repositoryNotFound(place);
  return repository;
}
