import { TARBALL_ERRORS } from '../contract/errors';
import type { Evidence } from '../contract/finding';
import { allowingStatement, policyAtFault } from './denial';
import { quotaOf } from './quota';
import { vpcEndpoint } from './vpc-endpoint';

/** What is known of one code beside the words of its error. */
export interface Cause {
  /** The same tarball dropped once more may arrive. */
  readonly retryable?: true;
  /** It says nothing about the other images of the tarball, which go on. */
  readonly imagesOwn?: true;
  /** What it is about, where that is not the tarball. */
  readonly subject?: (evidence: Evidence) => string | undefined;
  /** Facts that follow from facts. */
  readonly evidence?: (evidence: Evidence) => Evidence;
  /** A remedy that says more than that of the error. */
  readonly remedy?: (evidence: Evidence) => string | undefined;
}

/** The cause behind a code. */
export function causeOf(code: string): Cause {
  return CAUSES[code] ?? {};
}

const repository: Cause['subject'] = (evidence) => evidence.repository && `repository ${evidence.repository}`;

const CAUSES: Readonly<Record<string, Cause>> = {
  ...Object.fromEntries(TARBALL_ERRORS.map((code) => [code, { imagesOwn: true }])),
  UploadExpired: {
    retryable: true,
    imagesOwn: true,
    subject: ({ layer, repository: name }) => layer && `layer ${layer} in repository ${name}`,
  },
  LayersNotFound: { retryable: true, imagesOwn: true, subject: repository },
  RepositoryNotFound: {
    imagesOwn: true,
    subject: ({ repository: name, registry }) =>
      name && `repository ${name}${registry ? ` in registry ${registry}` : ''}`,
    remedy: ({ near, repository: name }) =>
      near &&
      `Correct the name, if one of evidence.near was meant; else give its drop createRepositories, or create it: aws ecr create-repository --repository-name ${name}`,
  },
  WrongRegistry: {
    subject: ({ registry }) => registry && `registry ${registry}`,
    remedy: ({ account, repository: name }) =>
      account &&
      name &&
      `Correct registryId to the account that owns the repository, or leave it out to push to ${account}.`,
  },
  PermissionDenied: {
    subject: ({ action, resource }) => resource && `${action} on ${resource}`,
    evidence: (evidence) => ({ addTo: policyAtFault(evidence), statement: allowingStatement(evidence) ?? '' }),
    remedy: permissionRemedy,
  },
  KmsDenied: { subject: repository, remedy: ({ kmsError = '' }) => keyRemedy(kmsError) },
  NetworkUnreachable: {
    retryable: true,
    subject: ({ host }) => host,
    evidence: (evidence) => ({ endpoint: vpcEndpoint(evidence) ?? '' }),
    remedy: (evidence) => {
      const endpoint = vpcEndpoint(evidence);
      return (
        endpoint &&
        `Let the function reach ${evidence.host ?? 'the service'}. In a VPC that takes a NAT gateway, or the VPC endpoint ${endpoint} with private DNS, a security group that lets port 443 in, and a policy that allows ${evidence.action}.`
      );
    },
  },
  ImmutableTag: {
    imagesOwn: true,
    subject: ({ repository: name, tag }) => tag && `${name}:${tag}`,
  },
  TagInvalid: { imagesOwn: true },
  QuotaExceeded: {
    imagesOwn: true,
    subject: (evidence) => quotaOf(evidence),
    evidence: (evidence) => ({ quota: quotaOf(evidence) ?? '' }),
    remedy: (evidence) => {
      const quota = quotaOf(evidence);
      return (
        quota &&
        `Ask for a higher quota "${quota}" of Amazon ECR in Service Quotas, or make room: delete what nobody needs.`
      );
    },
  },
  Throttled: {
    retryable: true,
    subject: ({ action }) => action,
    remedy: ({ action }) =>
      action &&
      `Drop fewer tarballs at once, or ask for a higher rate of ${action} in Service Quotas; then drop the tarball again.`,
  },
  ServiceUnavailable: { retryable: true, subject: ({ action }) => action },
  CredentialsExpired: { retryable: true },
  ClockSkewed: { retryable: true },
  TimedOut: { retryable: true },
};

function permissionRemedy(evidence: Evidence): string | undefined {
  const { resource, action, policy, account, denies } = evidence;
  if (!resource) return undefined;
  const where = policyAtFault(evidence);
  if (denies) return `Take ${action} out of the statement that denies it in ${where}, or except the role from it.`;
  const owner = resource.split(':')[4];
  const abroad = action?.startsWith('ecr:') && policy === 'resource-based' && owner !== account;
  const orElse = abroad ? `, or correct registryId: ${owner} is another account than ${account}, that of the role` : '';
  return `Add evidence.statement to ${where}${orElse}.`;
}

function keyRemedy(kmsError: string): string | undefined {
  if (/Disabled/.test(kmsError)) return 'Enable the KMS key: aws kms enable-key --key-id <key>.';
  if (/NotFound/.test(kmsError))
    return 'The KMS key is gone: create the repository or the bucket again with another one.';
  if (/InvalidState/.test(kmsError))
    return 'The KMS key cannot be used in its state; if it is about to be deleted: aws kms cancel-key-deletion --key-id <key>.';
  return undefined;
}
