import type { Requirement } from './evaluate';
import type { Call } from './s3-actions';

/** Where calls arrive, for ARNs. */
export interface Home {
  readonly accountId: string;
  readonly region: string;
}

/** What a caller of ECR must be allowed to do. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html */
export function ecrRequirements({ operation, input }: Call, { accountId, region }: Home): Requirement[] {
  const action = `ecr:${operation}`;
  if (operation === 'GetAuthorizationToken') return [{ action, resource: '*' }];
  if (operation === 'ListTagsForResource') return [{ action, resource: String(input.resourceArn) }];
  const arn = (name: unknown) =>
    `arn:aws:ecr:${region}:${String(input.registryId ?? accountId)}:repository/${String(name)}`;
  // Without names it is about all of them.
  const names = operation === 'DescribeRepositories' ? ((input.repositoryNames as unknown[]) ?? ['*']) : undefined;
  const own = (names ?? [input.repositoryName]).map((name) => ({ action, resource: arn(name) }));
  return operation === 'CreateRepository' ? [...own, ...creation(input, arn(input.repositoryName), region)] : own;
}

// Whoever creates an encrypted repository hands ECR grants on the key; pushing and pulling need nothing of the caller.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
function creation({ tags, encryptionConfiguration }: Call['input'], repository: string, region: string): Requirement[] {
  const { kmsKey } = (encryptionConfiguration ?? {}) as { kmsKey?: string };
  const onKey = kmsKey === undefined ? [] : ['kms:CreateGrant', 'kms:RetireGrant', 'kms:DescribeKey'];
  return [
    ...(Array.isArray(tags) && tags.length > 0 ? [{ action: 'ecr:TagResource', resource: repository }] : []),
    ...onKey.map((action) => ({
      action,
      resource: String(kmsKey),
      context: { 'kms:ViaService': `ecr.${region}.amazonaws.com` },
    })),
  ];
}
