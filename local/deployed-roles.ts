import { functionKeyId, stepNames } from './deployed-functions';
import type { PolicyDocument, RoleSpec } from './iam';
import type { Deployment } from './template';

/** The role of each function of a template, with the policies that the template attaches to it. */
export function roleSpecs(deployment: Deployment): RoleSpec[] {
  const steps = stepNames(deployment);
  const roles = new Map(deployment.resources('AWS::IAM::Role').map((role) => [role.arn, role]));
  return deployment.resources('AWS::Lambda::Function').map(({ name, properties }) => {
    const role = roles.get(String(properties.Role));
    if (!role) throw new Error(`the role of ${name} is not in the template`);
    const { ManagedPolicyArns = [], Policies = [] } = role.properties as {
      ManagedPolicyArns?: string[];
      Policies?: { PolicyDocument: PolicyDocument }[];
    };
    return {
      accessKeyId: functionKeyId(name),
      step: steps.get(name) ?? name,
      roleName: role.name,
      sessionName: name,
      policies: [...Policies.map((policy) => policy.PolicyDocument), ...attached(deployment, role.name)],
      managedPolicyArns: ManagedPolicyArns,
    };
  });
}

/** ARN of the KMS key that a bucket of the template is encrypted with, by the bucket's name. */
export function bucketKeys(deployment: Deployment): ReadonlyMap<string, string> {
  const keys = deployment.resources('AWS::S3::Bucket').flatMap(({ name, properties }) => {
    const { ServerSideEncryptionConfiguration: rules = [] } = (properties.BucketEncryption ?? {}) as {
      ServerSideEncryptionConfiguration?: { ServerSideEncryptionByDefault?: { KMSMasterKeyID?: string } }[];
    };
    return rules.flatMap(({ ServerSideEncryptionByDefault }): [string, string][] => {
      const key = ServerSideEncryptionByDefault?.KMSMasterKeyID;
      return key === undefined ? [] : [[name, key]];
    });
  });
  return new Map(keys);
}

function attached(deployment: Deployment, roleName: string): PolicyDocument[] {
  return [...deployment.resources('AWS::IAM::Policy'), ...deployment.resources('AWS::IAM::ManagedPolicy')]
    .map(({ properties }) => properties as { Roles?: string[]; PolicyDocument: PolicyDocument })
    .filter(({ Roles = [] }) => Roles.includes(roleName))
    .map(({ PolicyDocument }) => PolicyDocument);
}
