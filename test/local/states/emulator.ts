import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { createStates, type FunctionReply, type States, type StatesOptions } from '../../../local/states';

const REGION = 'eu-central-1';
const ACCOUNT = '123456789012';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/flow`;
const INVOKE = 'arn:aws:states:::lambda:invoke';

type Overrides = Partial<StatesOptions>;
type Definition = Record<string, unknown>;

/** What an execution came to. */
export interface Finished {
  readonly arn: string;
  readonly description: DescribeExecutionCommandOutput;
  readonly output: unknown;
  readonly events: HistoryEvent[];
}

/** An emulator behind a server on a free port, and the real SDK client in front of it. */
export class Emulator {
  private constructor(
    readonly states: States,
    readonly server: Server,
    readonly client: SFNClient,
    readonly url: string,
    readonly dataDir: string,
  ) {}

  static async open(overrides: Overrides = {}): Promise<Emulator> {
    const dataDir = overrides.dataDir ?? mkdtempSync(join(tmpdir(), 'states-'));
    const states = createStates({
      region: REGION,
      accountId: ACCOUNT,
      invokeFunction: async ({ payload }) => ({ payload }),
      ...overrides,
      dataDir,
    });
    const server = createServer((req, res) => void states.handle(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const client = new SFNClient({ region: REGION, endpoint: url, credentials, maxAttempts: 1 });
    const emulator = new Emulator(states, server, client, url, dataDir);
    opened.push(emulator);
    return emulator;
  }

  /** Deploys a machine and gives its ARN. */
  async deploy(definition: Definition, name = 'Flow'): Promise<string> {
    const arn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${name}`;
    await this.states.createStateMachine({
      name,
      arn,
      definition: JSON.stringify(definition),
      roleArn: ROLE,
      type: 'STANDARD',
    });
    return arn;
  }

  /** Deploys a machine, and starts an execution of it. */
  async start(definition: Definition, input: unknown = {}): Promise<string> {
    const stateMachineArn = await this.deploy(definition);
    const { executionArn = '' } = await this.client.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return executionArn;
  }

  /** Deploys a machine, and runs an execution of it to its end. */
  async run(definition: Definition, input: unknown = {}): Promise<Finished> {
    return this.finish(await this.start(definition, input));
  }

  async finish(arn: string): Promise<Finished> {
    await this.states.idle();
    const description = await this.client.send(new DescribeExecutionCommand({ executionArn: arn }));
    const output = description.output === undefined ? undefined : JSON.parse(description.output);
    return { arn, description, output, events: await this.history(arn) };
  }

  async history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.client.send(
        new GetExecutionHistoryCommand({
          executionArn,
          maxResults: 1000,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return events;
  }

  /** Ends the emulator; its data stays for another one on the same folder. */
  async stop(): Promise<void> {
    await this.states.close();
    this.client.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Ends all emulators of a test and removes their data: for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const emulator of opened.splice(0)) {
    await emulator.stop();
    rmSync(emulator.dataDir, { recursive: true, force: true });
  }
}

/** A JSONata machine of these states; it starts at the first one. */
export function machine(states: Record<string, Definition>, more: Definition = {}): Definition {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
}

/** A machine of one Pass state with this Output. */
export function giving(output: unknown): Definition {
  return machine({ Give: { Type: 'Pass', Output: output, End: true } });
}

/** A Task that calls the function `work` with its input. */
export function task(more: Definition = {}): Definition {
  return {
    Type: 'Task',
    Resource: INVOKE,
    Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    End: true,
    ...more,
  };
}

/** The reply of a function that threw. */
export function thrown(errorType: string, errorMessage = 'no luck'): FunctionReply {
  return { payload: JSON.stringify({ errorType, errorMessage, trace: [] }), functionError: 'Unhandled' };
}

/** Events as `id previousId type`, the form in which histories are compared. */
export function outline(events: readonly HistoryEvent[]): string[] {
  return events.map((event) => `${event.id} ${event.previousEventId} ${event.type}`);
}

/** Types of the events, in order. */
export function types(events: readonly HistoryEvent[]): string[] {
  return events.map((event) => event.type ?? '');
}

const opened: Emulator[] = [];
