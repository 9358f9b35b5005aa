import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFunctions, type FunctionSpec, type Functions, type FunctionsOptions } from '../../../local/functions';

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';

const open: { functions: Functions; root: string }[] = [];

/** What a test says of one function: its code, or the body of its async handler, and what differs from the default. */
export type FunctionSketch = Partial<FunctionSpec> & { body?: string; code?: string; file?: string };

/** A Lambda with its functions, and the log of each. */
export interface LocalLambda extends Functions {
  log(name?: string): string;
  /** Invokes with a value, and parses what comes back. */
  call(event?: unknown, name?: string): Promise<{ value: unknown; functionError?: string; requestId: string }>;
}

/** Writes the code of each function to a directory of its own and deploys it. `closeLambdas` takes it all away. */
export function localLambda(
  sketches: FunctionSketch | FunctionSketch[],
  options: Partial<FunctionsOptions> = {},
): LocalLambda {
  const root = mkdtempSync(join(tmpdir(), 'local-lambda-'));
  const specs = [sketches].flat().map((sketch) => functionSpec(root, sketch));
  const logDir = join(root, 'logs');
  const functions = createFunctions({ functions: specs, region: REGION, accountId: ACCOUNT, logDir, ...options });
  open.push({ functions, root });
  return {
    invoke: (call) => functions.invoke(call),
    measure: () => functions.measure(),
    killRunning: () => functions.killRunning(),
    killEnvironments: (name) => functions.killEnvironments(name),
    close: () => functions.close(),
    handle: (req, res) => functions.handle(req, res),
    log: (name = 'Echo') => readFileSync(join(logDir, `${name}.log`), 'utf8'),
    call: async (event = {}, name = 'Echo') => {
      const { payload, ...rest } = await functions.invoke({ functionArn: name, payload: JSON.stringify(event) });
      return { value: JSON.parse(payload), ...rest };
    },
  };
}

/** Closes every Lambda a test has opened. */
export async function closeLambdas(): Promise<void> {
  for (const { functions, root } of open.splice(0)) {
    await functions.close();
    rmSync(root, { recursive: true, force: true });
  }
}

/** A spec whose code lies below `root`. */
export function functionSpec(root: string, { body, code, file = 'index.js', ...rest }: FunctionSketch): FunctionSpec {
  const name = rest.name ?? 'Echo';
  const codeDir = join(root, name);
  mkdirSync(codeDir, { recursive: true });
  writeFileSync(
    join(codeDir, file),
    code ?? `exports.handler = async (event, context) => { ${body ?? 'return event;'} };`,
  );
  const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
  return { name, arn, codeDir, handler: 'index.handler', memorySize: 256, timeout: 10, environment: {}, ...rest };
}
