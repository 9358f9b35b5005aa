import type { Evidence } from '../contract/finding';

// As AWS words it, S3 with the resource in quotes:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
const DENIED = /User: (\S+) is not authorized to perform: (\S+) on resource: "?([^\s"]+)"?(.*)/s;
const BECAUSE = /^ because no (.+?) (?:policy|boundary) allows/;
const EXPLICIT = /^ with an explicit deny in an? (.+?) (?:policy|boundary)/;

/** What AWS says of a denial: action, resource, principal, the kind of policy that is at fault, and whether it says no. */
export function denialIn(message: string): Evidence | undefined {
  const [, principal, action, resource, why = ''] = DENIED.exec(message) ?? [];
  if (!principal || !action || !resource) return undefined;
  const explicit = EXPLICIT.exec(why)?.[1];
  const policy = explicit ?? BECAUSE.exec(why)?.[1] ?? 'identity-based';
  return { action, resource, principal, policy, ...(explicit === undefined ? {} : { denies: 'explicitly' }) };
}

/**
 * The policy statement that would allow what was denied, as JSON; for an object of S3 with all of its folder, for the
 * next push has other ones. Undefined where a statement says no.
 */
export function allowingStatement(evidence: Evidence): string | undefined {
  const { action, principal, policy, denies } = evidence;
  if (!action || !evidence.resource || denies !== undefined) return undefined;
  const resource = folderOf(evidence.resource);
  if (policy !== 'resource-based') return JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
  const Principal = { AWS: principal === undefined ? '*' : (roleOf(principal)?.arn ?? principal) };
  // The policy of a repository has no resources, that of a key means the key.
  const Resource = { s3: resource, kms: '*' }[serviceOf(action)];
  return JSON.stringify({ Effect: 'Allow', Principal, Action: action, ...(Resource && { Resource }) });
}

/** The policy to look at, in words. */
export function policyAtFault({ action = '', resource = '', principal = '', policy = '' }: Evidence): string {
  const role = roleOf(principal)?.name;
  const whose = role === undefined ? 'the role' : `role ${role}`;
  switch (policy) {
    case 'resource-based':
      return `the ${RESOURCE_POLICIES[serviceOf(action)] ?? 'policy'} of ${resource}`;
    case 'VPC endpoint':
      return `the policy of the VPC endpoint for ${serviceOf(action)}`;
    case 'permissions':
      return `the permissions boundary of ${whose}`;
    case 'service control':
    case 'resource control':
      return `a ${policy} policy of the organization`;
    default:
      return `the identity policy of ${whose}`;
  }
}

function folderOf(resource: string): string {
  return resource.replace(/^(arn:[^:]+:s3:::[^/]+\/(?:[^/]+\/)?).+$/, '$1*');
}

const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  ecr: 'repository policy',
  kms: 'key policy',
  s3: 'bucket policy',
};

function serviceOf(action: string): string {
  return action.split(':')[0] ?? '';
}

/** The role behind the session that a function's calls are made in. */
function roleOf(principal: string): { arn: string; name: string } | undefined {
  const [, partition, account, name] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  return name === undefined ? undefined : { arn: `arn:${partition}:iam::${account}:role/${name}`, name };
}
