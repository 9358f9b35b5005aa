import { invalidParameter } from './errors';
import { text } from './input';
import { type Operation, repositoryAt } from './registry';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListTagsForResource.html */
export const listTagsForResource: Operation = async (registry, input) => {
  const arn = text(input, 'resourceArn');
  const [, region, registryId = '', repositoryName = ''] =
    /^arn:[\w-]+:ecr:([\w-]+):(\d{12}):repository\/(.+)$/.exec(arn) ?? [];
  if (region !== registry.region)
    throw invalidParameter('resourceArn', 'must be the ARN of a repository of this region');
  const { tags } = repositoryAt(registry, { registryId, repositoryName }).settings;
  return { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
};
