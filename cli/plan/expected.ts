import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { WriteReceiptOutput } from '../../lambda/contract/steps';
import { inParallel } from '../../lambda/image/in-parallel';
import { costOf } from '../../lambda/upload/list-prices';
import type { Aws } from '../aws';
import type { Deployed } from '../deployed';
import type { Expected } from './planned-push';
import type { Workload } from './workload';

/** An earlier push: what it sent, and how long it took. */
export interface EarlierPush {
  readonly bytes: number;
  readonly seconds: number;
}

const LOOKED_AT = 20;
const ALIKE = 3;

/** How long a push may take by those that were alike, and what it takes and costs where nothing goes wrong. */
export function expectedOf(bytesSent: number, takes: Workload, earlier: readonly EarlierPush[]): Expected {
  const alike = mostAlike(bytesSent, earlier);
  const seconds = secondsLike(bytesSent, alike);
  const which = alike.length === 1 ? 'push' : `${alike.length} pushes`;
  const time =
    seconds === undefined
      ? 'there is no push of this deployment to take the time from'
      : `the time is that of the ${which} of this deployment most alike in bytes`;
  const costUsd = Number(costOf(takes).toPrecision(2));
  const basis = `${time}; the cost is at list prices of us-east-1`;
  return { ...(seconds === undefined ? {} : { seconds }), costUsd, takes, basis };
}

/** The last pushes that sent something and succeeded. Errors: those of Step Functions. */
export async function earlierPushes({ sfn }: Pick<Aws, 'sfn'>, { stateMachineArn }: Deployed): Promise<EarlierPush[]> {
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED', maxResults: LOOKED_AT }),
  );
  const all = await inParallel(executions, 4, async ({ executionArn, startDate, stopDate }) => {
    const { output = '{}' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const receipt = WriteReceiptOutput.safeParse(JSON.parse(output));
    const seconds = ((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)) / 1000;
    return receipt.success ? [{ bytes: receipt.data.bytesSent, seconds }] : [];
  });
  return all.flat().filter(({ bytes, seconds }) => bytes > 0 && seconds > 0);
}

function mostAlike(bytes: number, earlier: readonly EarlierPush[]): EarlierPush[] {
  const distance = (push: EarlierPush) => Math.abs(Math.log((bytes + 1) / (push.bytes + 1)));
  return [...earlier].sort((one, other) => distance(one) - distance(other)).slice(0, ALIKE);
}

/** A larger push takes longer in proportion; a smaller one is not promised to be faster. */
function secondsLike(bytes: number, alike: readonly EarlierPush[]): number | undefined {
  if (alike.length === 0) return undefined;
  const each = alike.map((push) => push.seconds * Math.max(1, bytes / push.bytes));
  return each.reduce((sum, seconds) => sum + seconds, 0) / each.length;
}
