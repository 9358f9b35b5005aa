import { EcrError, invalidParameter, within } from './errors';
import { TAG_MUTABILITY } from './immutability';
import {
  type Fields,
  flag,
  optionalChoice,
  optionalStructure,
  optionalStructures,
  optionalText,
  optionalTexts,
  text,
} from './input';
import { page, pageRequest, refusePaging } from './paging';
import { type Operation, placeIn, type Registry, registryIdIn, repositoryAt } from './registry';
import type { Repository, RepositorySettings } from './repository';
import { EXCLUSION_FILTER, QUOTA, REPOSITORY_NAME } from './rules';

const ENCRYPTION_TYPES = ['AES256', 'KMS', 'KMS_DSSE'] as const;

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export const createRepository: Operation = async (registry, input, origin) => {
  const place = placeIn(registry, input);
  const settings = readSettings(registry, input);
  if (place.registryId !== registry.accountId) throw createDenied(registry, place.registryId, settings.name);
  const repository = await registry.catalog.change(async () => {
    if (registry.catalog.repositories.has(settings.name)) {
      const where = `The repository with name '${settings.name}' already exists in the registry with id '${place.registryId}'`;
      throw new EcrError('RepositoryAlreadyExistsException', where);
    }
    return registry.catalog.createRepository(settings);
  });
  return { repository: describe(registry, repository, origin) };
};

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html */
export const describeRepositories: Operation = async (registry, input, origin) => {
  const registryId = registryIdIn(registry, input);
  const names = optionalTexts(input, 'repositoryNames', { min: 1, max: 100 }, REPOSITORY_NAME);
  const request = pageRequest(input);
  if (names !== undefined) {
    refusePaging(input, 'repositoryNames');
    const found = names.map((repositoryName) => repositoryAt(registry, { registryId, repositoryName }));
    return { repositories: found.map((repository) => describe(registry, repository, origin)) };
  }
  const own = registryId === registry.accountId ? [...registry.catalog.repositories.values()] : [];
  const sorted = own.sort((a, b) => (a.repositoryName < b.repositoryName ? -1 : 1));
  const { items, ...next } = page(sorted, request);
  return { repositories: items.map((repository) => describe(registry, repository, origin)), ...next };
};

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html */
export const deleteRepository: Operation = async (registry, input, origin) => {
  const place = placeIn(registry, input);
  const force = flag(input, 'force');
  const repository = await registry.catalog.change(async () => {
    const found = repositoryAt(registry, place);
    if (found.images.size > 0 && !force) {
      const what = `${within(place).replace('the', 'The')} cannot be deleted because it still contains images`;
      throw new EcrError('RepositoryNotEmptyException', what);
    }
    for (const upload of registry.uploads.of(place.repositoryName)) registry.uploads.forget(upload.progress.uploadId);
    await registry.catalog.removeRepository(found);
    return found;
  });
  return { repository: describe(registry, repository, origin) };
};

function readSettings(registry: Registry, input: Fields): RepositorySettings {
  const imageTagMutability = optionalChoice(input, 'imageTagMutability', TAG_MUTABILITY) ?? 'MUTABLE';
  const encryption = optionalStructure(input, 'encryptionConfiguration') ?? { encryptionType: 'AES256' };
  const encryptionType = optionalChoice(encryption, 'encryptionType', ENCRYPTION_TYPES);
  if (encryptionType === undefined)
    throw invalidParameter('encryptionConfiguration.encryptionType', 'must not be null');
  const kmsKey = optionalText(encryption, 'kmsKey', { min: 1, max: 2048 });
  return {
    name: text(input, 'repositoryName', REPOSITORY_NAME),
    createdAt: registry.now() / 1000,
    imageTagMutability,
    exclusionFilters: readFilters(input, imageTagMutability.endsWith('_WITH_EXCLUSION')),
    scanOnPush: flag(optionalStructure(input, 'imageScanningConfiguration') ?? {}, 'scanOnPush'),
    encryptionType,
    ...(kmsKey === undefined ? {} : { kmsKey }),
    tags: readTags(input),
  };
}

function readFilters(input: Fields, wanted: boolean): string[] {
  const field = 'imageTagMutabilityExclusionFilters';
  const filters = optionalStructures(input, field, { min: 1, max: 5 }) ?? [];
  if (wanted !== filters.length > 0) {
    throw invalidParameter(field, 'must be given with, and only with, a mutability setting that has exclusions');
  }
  return filters.map((filter) => {
    if (optionalChoice(filter, 'filterType', ['WILDCARD']) === undefined) {
      throw invalidParameter('filterType', 'must not be null');
    }
    return text(filter, 'filter', EXCLUSION_FILTER);
  });
}

function readTags(input: Fields): Record<string, string> {
  const tags = optionalStructures(input, 'tags', { min: 0 }) ?? [];
  if (tags.length > QUOTA.tagsPerResource) {
    throw new EcrError('TooManyTagsException', `A repository can have at most ${QUOTA.tagsPerResource} tags`);
  }
  const pairs = tags.map((tag) => [text(tag, 'Key', { min: 1, max: 128 }), text(tag, 'Value', { max: 256 })] as const);
  const reserved = pairs.find(([key]) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) {
    throw new EcrError('InvalidTagParameterException', `The tag key '${reserved[0]}' begins with a reserved prefix`);
  }
  return Object.fromEntries(pairs);
}

function createDenied(registry: Registry, registryId: string, name: string): EcrError {
  const arn = `arn:aws:ecr:${registry.region}:${registryId}:repository/${name}`;
  const caller = `arn:aws:iam::${registry.accountId}:user/local`;
  return new EcrError(
    'AccessDeniedException',
    `User: ${caller} is not authorized to perform: ecr:CreateRepository on resource: ${arn} because no resource-based policy allows the ecr:CreateRepository action`,
  );
}

function describe(registry: Registry, { settings, registryId }: Repository, origin: string): object {
  const { exclusionFilters, encryptionType, kmsKey } = settings;
  return {
    repositoryArn: `arn:aws:ecr:${registry.region}:${registryId}:repository/${settings.name}`,
    registryId,
    repositoryName: settings.name,
    // Where this registry can be pulled from, which is not a host of AWS.
    repositoryUri: `${new URL(origin).host}/${settings.name}`,
    createdAt: settings.createdAt,
    imageTagMutability: settings.imageTagMutability,
    ...(exclusionFilters.length === 0
      ? {}
      : { imageTagMutabilityExclusionFilters: exclusionFilters.map((filter) => ({ filterType: 'WILDCARD', filter })) }),
    imageScanningConfiguration: { scanOnPush: settings.scanOnPush },
    encryptionConfiguration: { encryptionType, ...(kmsKey === undefined ? {} : { kmsKey }) },
  };
}
