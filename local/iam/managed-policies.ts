import type { PolicyDocument } from './statement';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': LOGS,
};

/** A managed policy of AWS by its ARN; throws for one that is not known here. */
export function managedPolicy(arn: string): PolicyDocument {
  const Action = KNOWN[arn.replace(/^arn:[^:]+:iam::aws:policy\//, '')];
  if (Action === undefined) throw new Error(`the local AWS does not know the managed policy ${arn}`);
  return { Statement: { Effect: 'Allow', Action, Resource: '*' } };
}
