// The program of one child. It is not imported: runtime-program.ts turns its text into plain JavaScript, so it may
// import nothing of this folder but types.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import type { ErrorPayload, InvokeMessage, RuntimeMessage } from './runtime-messages';

type Handler = (event: unknown, context: object) => unknown;

const MEMORY_REPORT_MS = 50;
const LEVELS = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE' } as const;

const post = process.send?.bind(process);
let requestId: string | undefined;
let handler: Handler;

// Libraries take `process.send` as a sign that they are somebody's worker.
delete process.send;
process.title = `lambda ${process.env.AWS_LAMBDA_FUNCTION_NAME}`;
process.on('disconnect', () => process.exit());
process.on('message', (message: InvokeMessage) => void invoke(message));
process.on('uncaughtException', (error) => crash('Uncaught Exception', describe(error)));
process.on('unhandledRejection', (reason) => crash('Unhandled Promise Rejection', describeRejection(reason)));
writeConsoleLinesLikeLambda();
if (process.platform !== 'linux') setInterval(reportMemory, MEMORY_REPORT_MS).unref();
void initialise();

async function initialise(): Promise<void> {
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT ?? '', process.env._HANDLER ?? '');
    reply({ kind: 'ready' });
  } catch (error) {
    crash('Uncaught Exception', describe(error));
  }
}

async function invoke(message: InvokeMessage): Promise<void> {
  requestId = message.requestId;
  try {
    const result = await handler(JSON.parse(message.payload), contextOf(message));
    reply({ kind: 'result', payload: JSON.stringify(result) ?? 'null' });
  } catch (thrown) {
    const error = describe(thrown);
    console.error('Invoke Error', JSON.stringify(error));
    reply({ kind: 'error', error, fatal: false });
  }
}

async function loadHandler(root: string, name: string): Promise<Handler> {
  const [file = '', ...path] = basename(name).split('.');
  const stem = join(root, dirname(name), file);
  const found = ['.js', '.mjs', '.cjs'].map((ending) => stem + ending).find((candidate) => existsSync(candidate));
  if (!found) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}' in ${root}`);
  const exported = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], await load(found));
  if (typeof exported !== 'function') {
    throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (exported.length > 2) {
    throw named('Runtime.CallbackHandlerDeprecated', `${name} takes a callback; expected an async function`);
  }
  return exported as Handler;
}

async function load(file: string): Promise<unknown> {
  try {
    return file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw named('Runtime.ImportModuleError', String(error));
    }
    throw error instanceof SyntaxError ? named('Runtime.UserCodeSyntaxError', String(error)) : error;
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf({ requestId, deadlineMs, invokedFunctionArn }: InvokeMessage): object {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

function describe(thrown: unknown): ErrorPayload {
  if (!isErrorLike(thrown)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

function isErrorLike(thrown: unknown): thrown is Error {
  const error = thrown as Partial<Error> | null | undefined;
  return thrown instanceof Error || (typeof error?.name === 'string' && typeof error.message === 'string');
}

function describeRejection(reason: unknown): ErrorPayload {
  return { ...describe(reason), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) };
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function crash(title: string, error: ErrorPayload): void {
  console.error(title, JSON.stringify(error));
  reply({ kind: 'error', error, fatal: true }, () => process.exit(1));
}

function reply(message: RuntimeMessage, sent: () => void = () => {}): void {
  if (process.platform !== 'linux') reportMemory();
  post?.(message, sent);
}

function reportMemory(): void {
  post?.({ kind: 'memory', peakRssBytes: process.resourceUsage().maxRSS * 1024 } satisfies RuntimeMessage);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
function writeConsoleLinesLikeLambda(): void {
  for (const [method, level] of Object.entries(LEVELS) as [keyof typeof LEVELS, string][]) {
    console[method] = (...args: unknown[]) => {
      process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${format(...args)}\n`);
    };
  }
}
