import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, type HistoryEvent } from '@aws-sdk/client-sfn';
import type { Aws } from '../aws';
import { CommandError } from '../command-error';

/** Something a push did: a state was entered or left, or the execution ended. */
export type PushEvent =
  | { readonly kind: 'entered'; readonly state: string; readonly input: unknown }
  | { readonly kind: 'exited'; readonly state: string; readonly output: unknown }
  | {
      readonly kind: 'ended';
      readonly status: string;
      readonly output: unknown;
      readonly error: string;
      readonly cause: string;
    };

/** What following an execution comes to know: also that there is no news for now, each time it has asked for some. */
export type FollowEvent = PushEvent | { readonly kind: 'asked' };

const POLL_MS = 500;
const APPEARS_WITHIN_MS = 120_000;

/** Tells what an execution does, from its beginning to its end. */
export async function* followPush({ sfn }: Aws, executionArn: string): AsyncGenerator<FollowEvent> {
  await appears({ sfn }, executionArn);
  let seen = 0;
  for (;;) {
    // Asked for first: when it says that all is over, the history that follows is complete.
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const events = await newEvents({ sfn }, executionArn, seen);
    seen = events.at(-1)?.id ?? seen;
    for (const event of events) yield* toPushEvents(event);
    if (execution.status !== 'RUNNING' && execution.status !== 'PENDING_REDRIVE') {
      const { status = '', output, error = '', cause = '' } = execution;
      return yield { kind: 'ended', status, output: parse(output), error, cause };
    }
    yield { kind: 'asked' };
    await sleep(POLL_MS);
  }
}

type Sfn = Pick<Aws, 'sfn'>;

async function appears({ sfn }: Sfn, executionArn: string): Promise<void> {
  const until = Date.now() + APPEARS_WITHIN_MS;
  while (Date.now() < until) {
    try {
      await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return;
    } catch (error) {
      if ((error as Error).name !== 'ExecutionDoesNotExist') throw error;
      await sleep(POLL_MS);
    }
  }
  throw new CommandError(
    `The drop started no execution ${executionArn} within ${APPEARS_WITHIN_MS / 1000} s`,
    'Look at the rule on the drop bucket, the log of StartPush, and its dead-letter queue.',
  );
}

/** The events after number `seen`, oldest first. The newest come first over the wire, so that old ones are not read again. */
async function newEvents({ sfn }: Sfn, executionArn: string, seen: number): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 200, nextToken }),
    );
    const fresh = (page.events ?? []).filter(({ id = 0 }) => id > seen);
    events.push(...fresh);
    nextToken = fresh.length === page.events?.length ? page.nextToken : undefined;
  } while (nextToken);
  return events.reverse();
}

/** What one event of a history tells of the states. */
function* toPushEvents({ stateEnteredEventDetails, stateExitedEventDetails }: HistoryEvent): Generator<PushEvent> {
  if (stateEnteredEventDetails?.name) {
    const { name, input } = stateEnteredEventDetails;
    yield { kind: 'entered', state: name, input: parse(input) };
  }
  if (stateExitedEventDetails?.name) {
    const { name, output } = stateExitedEventDetails;
    yield { kind: 'exited', state: name, output: parse(output) };
  }
}

function parse(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}
