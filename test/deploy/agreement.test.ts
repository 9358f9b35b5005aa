import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { closeAll, Emulator } from '../local/states/emulator';
import { type Agreed, DEFINITIONS, FUNCTION, FUNCTION_CODE } from './definitions';
import { MiniStack } from './ministack';

/** How an execution ended. */
interface End {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string | undefined;
}

let ministack: MiniStack;
let sfn: SFNClient;
let machines: ReadonlyMap<string, string>;
beforeAll(async () => {
  ministack = await MiniStack.start(async () => ({ CALLS_FOLDER: callsFolder() }));
  sfn = new SFNClient(ministack.client);
  machines = await deployed();
}, 300_000);
afterEach(closeAll);
afterAll(async () => {
  await ministack?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const folders: string[] = [];

/** Where the function counts its calls. */
function callsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'calls-'));
  folders.push(folder);
  return folder;
}

const table = (agreed: readonly Agreed[]) => agreed.map((one): [string, Agreed] => [one.name, one]);

test.each(table(DEFINITIONS.filter(({ differs }) => !differs)))(
  'the interpreter and MiniStack agree on %s',
  async (_, agreed) => {
    expect(await throughInterpreter(agreed)).toEqual(await throughMiniStack(agreed));
  },
);

// Where MiniStack is mended, this fails, and the definition goes to the others.
test.each(table(DEFINITIONS.filter(({ differs }) => differs)))(
  'the interpreter does %s as AWS documents it, and MiniStack otherwise',
  async (_, agreed) => {
    const ours = await throughInterpreter(agreed);
    expect(ours.output).toEqual(agreed.differs?.output);
    expect(await throughMiniStack(agreed)).not.toEqual(ours);
  },
);

async function throughMiniStack({ name, input }: Agreed): Promise<End> {
  const stateMachineArn = machines.get(name);
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  for (let tries = 0; tries < 300; tries++) {
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (described.status !== 'RUNNING') return endOf(described);
    await sleep(100);
  }
  throw new Error(`${name} comes to no end`);
}

async function throughInterpreter({ definition, input }: Agreed): Promise<End> {
  const handler = ownFunction();
  const emulator = await Emulator.open({
    clock: { now: () => Date.now(), sleep: async () => undefined },
    invokeFunction: async ({ payload }) => {
      try {
        return { payload: JSON.stringify(await handler(JSON.parse(payload))) };
      } catch (error) {
        const { name, message } = error as Error;
        return { functionError: 'Unhandled', payload: JSON.stringify({ errorType: name, errorMessage: message }) };
      }
    },
  });
  const { description } = await emulator.run(
    JSON.parse(JSON.stringify(definition).replaceAll(FUNCTION, OWN_ARN)),
    input,
  );
  return endOf(description);
}

const OWN_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:Flaky';

/** The function that MiniStack runs, freshly loaded. */
function ownFunction(): (event: unknown) => Promise<unknown> {
  const module = { exports: {} as { handler: (event: unknown) => Promise<unknown> } };
  const require = createRequire(__filename);
  runInNewContext(FUNCTION_CODE, {
    exports: module.exports,
    process: { env: { CALLS_FOLDER: callsFolder() } },
    require,
  });
  return module.exports.handler;
}

function endOf({ status = '', output, error }: { status?: string; output?: string; error?: string }): End {
  // MiniStack gives executions that failed an output as well.
  return { status, error, ...(status === 'SUCCEEDED' ? { output: JSON.parse(output ?? 'null') } : {}) };
}

/** ARN of each state machine by its name, from a stack that holds them and their function. */
async function deployed(): Promise<ReadonlyMap<string, string>> {
  const cloudFormation = new CloudFormationClient(ministack.client);
  const StackName = 'Agreement';
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template()) }));
  for (let tries = 0; tries < 300; tries++) {
    const [stack] = (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks ?? [];
    if (stack?.StackStatus === 'CREATE_COMPLETE') {
      return new Map(stack.Outputs?.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
    }
    if (stack?.StackStatus !== 'CREATE_IN_PROGRESS')
      throw new Error(`${stack?.StackStatus}: ${stack?.StackStatusReason}`);
    await sleep(100);
  }
  throw new Error('the stack comes to no end');
}

function template(): object {
  const trust = (Service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });
  const role = (service: string) => ({
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: trust(`${service}.amazonaws.com`) },
  });
  const roleOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  const machinesOf = DEFINITIONS.map(({ name, definition }) => [
    name,
    {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: roleOf('StatesRole'),
        DefinitionString: JSON.stringify(definition),
        DefinitionSubstitutions: { FunctionArn: { 'Fn::GetAtt': ['Flaky', 'Arn'] } },
      },
    },
  ]);
  return {
    Resources: {
      LambdaRole: role('lambda'),
      StatesRole: role('states'),
      Flaky: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: roleOf('LambdaRole'),
          Code: { ZipFile: FUNCTION_CODE },
        },
      },
      ...Object.fromEntries(machinesOf),
    },
    Outputs: Object.fromEntries(DEFINITIONS.map(({ name }) => [name, { Value: { Ref: name } }])),
  };
}
