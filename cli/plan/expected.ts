import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { WriteReceiptOutput } from '../../lambda/contract/steps';
import { inParallel } from '../../lambda/image/in-parallel';
import type { Aws } from '../aws';
import type { Deployed } from '../deployed';
import type { Expected, PlannedPush } from './planned-push';

/** An earlier push: what it sent, and how long it took. */
export interface EarlierPush {
  readonly bytes: number;
  readonly seconds: number;
}

const LOOKED_AT = 20;
const ALIKE = 3;

/**
 * List prices in US dollars, us-east-1: https://aws.amazon.com/step-functions/pricing/ for a state transition of a
 * Standard workflow, https://aws.amazon.com/lambda/pricing/ for a GB-second on arm64 and one request.
 */
const PRICES = { transition: 0.025 / 1_000, gbSecond: 0.0000133334, request: 0.2 / 1_000_000 };

/** States entered once for a push, once for each image, and once for each layer staged, or sent and verified. */
const STATES = { push: 6, image: 5, staged: 1, sent: 7 };
/** GB of memory of the functions that move bytes, and how many of them run at once. */
const MOVING = { gigabytes: 0.5, atOnce: 6 };
const STAGING_GIGABYTES = 3.5;

/** How long a push may take by those that were alike, and the most that it may cost at list prices. */
export function expectedOf(
  push: Pick<PlannedPush, 'images' | 'bytesSent' | 'layersSent' | 'layersStaged'>,
  earlier: readonly EarlierPush[],
): Expected {
  const alike = mostAlike(push.bytesSent, earlier);
  const seconds = secondsLike(push.bytesSent, alike);
  const basis =
    seconds === undefined
      ? 'no push of this deployment to go by: the cost is that of the states alone'
      : `the ${alike.length === 1 ? 'push' : `${alike.length} pushes`} of this deployment most alike in bytes, at list prices`;
  return { ...(seconds === undefined ? {} : { seconds }), costUsd: cost(push, seconds), basis };
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

function cost(
  { images, layersSent, layersStaged }: Pick<PlannedPush, 'images' | 'layersSent' | 'layersStaged'>,
  seconds = 0,
): number {
  const states = STATES.push + STATES.image * images.length + STATES.staged * layersStaged + STATES.sent * layersSent;
  const moving = Math.min(MOVING.atOnce, layersSent) * MOVING.gigabytes + (layersStaged > 0 ? STAGING_GIGABYTES : 0);
  const total = states * (PRICES.transition + PRICES.request) + seconds * moving * PRICES.gbSecond;
  return Number(total.toPrecision(2));
}
