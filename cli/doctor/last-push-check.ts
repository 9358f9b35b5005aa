import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { Diagnosis } from '../../lambda/contract/steps';
import type { Aws } from '../aws';
import type { Deployed } from '../deployed';
import { bad, type Check, ok } from './check';

/** What came of the last push: its own diagnosis, where it failed. Errors: those of Step Functions. */
export async function lastPushCheck({ sfn }: Aws, { stateMachineArn }: Deployed): Promise<Check> {
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
  const [last] = executions;
  if (!last) return ok('last push', 'there was none yet');
  if (last.status === 'RUNNING' || last.status === 'SUCCEEDED') return ok('last push', `${last.name}: ${last.status}`);
  const { cause = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn: last.executionArn }));
  const diagnosis = Diagnosis.safeParse(parsed(cause));
  const found = `${last.name}: ${last.status}`;
  if (!diagnosis.success) return bad('last push', undefined, found, `Go on with it: slipway retry ${last.name}`);
  return bad('last push', diagnosis.data.code, `${found}: ${diagnosis.data.cause}`, diagnosis.data.remedy);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
