import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { availableParallelism } from 'node:os';
import { DeployedFunction, type FunctionMeasure } from './deployed-function';
import { Environment } from './environment';
import { EnvironmentPool } from './environment-pool';
import { environmentVariables } from './environment-variables';
import { FunctionsClosed, ResourceNotFoundException, ServiceException, TooManyRequestsException } from './errors';
import type { FunctionFault } from './fault';
import { checkSpecs, type FunctionSpec, findSpec } from './function-spec';
import { type Outcome, runInvocation } from './invocation';
import { handleInvoke } from './invoke-api';
import { checkPayload } from './payload';
import { runtimeProgram } from './runtime-program';
import { isTimeout, type Verdict, verdictOf } from './verdict';

/** What {@link createFunctions} needs. */
export interface FunctionsOptions {
  readonly functions: readonly FunctionSpec[];
  readonly region: string;
  readonly accountId: string;
  /** Added to every function: endpoints, credentials. The function's own variables win. */
  readonly environment?: Record<string, string>;
  /** Each function writes `<name>.log` here. */
  readonly logDir: string;
  /** Children over all functions, twice the cores by default; further invocations wait in line. */
  readonly maxEnvironments?: number;
  /** Asked once per invocation what shall go wrong with it. */
  readonly faults?: (call: { functionName: string; payload: string }) => Promise<FunctionFault | undefined>;
}

/** One invocation. */
interface InvokeCall {
  /** Name, ARN, partial ARN, or one of these with a qualifier. */
  readonly functionArn: string;
  /** The event, as JSON. */
  readonly payload: string;
  /** @default - a new one */
  readonly requestId?: string | undefined;
  /** On abort the child is killed; the call rejects with the signal's reason when it is gone. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of it; with `functionError` the payload is `{errorType, errorMessage, trace?}`. */
interface InvokeResult {
  readonly payload: string;
  readonly functionError?: 'Unhandled' | 'Handled';
  readonly requestId: string;
}

/** Lambda on this machine. */
export interface Functions {
  /** Runs a handler; rejects with a `LambdaError` where Lambda refuses, {@link FunctionsClosed} after `close`. */
  invoke(call: InvokeCall): Promise<InvokeResult>;
  /** What each function has used, in the order of the options. */
  measure(): FunctionMeasure[];
  /** Kills the children of one function, or all, also in mid-run. */
  killEnvironments(functionName?: string): void;
  /** Kills the children that are at work on an invocation; resolves when they are gone. */
  killRunning(): Promise<void>;
  /** Kills all children; resolves when they are gone. */
  close(): Promise<void>;
  /** Answers `POST /2015-03-31/functions/{name}/invocations`. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

/** Starts nothing yet: each function's first invocation starts a child. Throws `InvalidFunctionSpec`. */
export function createFunctions(options: FunctionsOptions): Functions {
  return new LocalFunctions(options);
}

class LocalFunctions implements Functions {
  private readonly deployed = new Map<string, DeployedFunction>();
  private readonly pool: EnvironmentPool;
  private readonly killAll = () => this.killEnvironments();
  private closed = false;

  constructor(private readonly options: FunctionsOptions) {
    checkSpecs(options.functions);
    const limit = options.maxEnvironments ?? 2 * availableParallelism();
    if (!(limit >= 1)) throw new RangeError(`maxEnvironments is ${limit}; expected 1 or more.`);
    for (const spec of options.functions) this.deployed.set(spec.name, new DeployedFunction(spec, options.logDir));
    this.pool = new EnvironmentPool(limit, (name) => this.launch(this.find(name)));
    // A child that spins would not notice that its parent is gone.
    process.once('exit', this.killAll);
  }

  async invoke({ functionArn, payload, requestId, signal }: InvokeCall): Promise<InvokeResult> {
    if (this.closed) throw new FunctionsClosed('The functions are closed.');
    signal?.throwIfAborted();
    const target = this.find(functionArn);
    checkPayload(payload, 'RequestResponse');
    const { faults } = this.options;
    const fault = faults && (await faults({ functionName: target.spec.name, payload }));
    admit(target, fault);
    target.inFlight += 1;
    try {
      return await this.run(target, { functionArn, payload, requestId, signal }, fault);
    } finally {
      target.inFlight -= 1;
    }
  }

  measure(): FunctionMeasure[] {
    for (const environment of this.pool.all()) environment.notePeak();
    return [...this.deployed.values()].map((target) => target.measure());
  }

  killEnvironments(functionName?: string): void {
    void this.pool.kill('killed', functionName && this.find(functionName).spec.name);
  }

  async killRunning(): Promise<void> {
    await this.pool.killBusy('killed');
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.pool.close();
    process.off('exit', this.killAll);
    for (const { log } of this.deployed.values()) log.close();
  }

  // Handed to the server as it is, like the doors of the other services.
  readonly handle = (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const check = (name: string) => void this.find(name);
    const note = (name: string, line: string) => this.find(name).log.write(line);
    return handleInvoke({ invoke: (call) => this.invoke(call), check, note }, req, res);
  };

  private find(reference: string): DeployedFunction {
    const specs = this.options.functions;
    const spec = findSpec(specs, reference, this.options.accountId);
    const found = spec && this.deployed.get(spec.name);
    if (found) return found;
    throw new ResourceNotFoundException(`Function not found: ${reference}`);
  }

  private launch(target: DeployedFunction): Environment {
    target.log.initStart();
    return new Environment({
      spec: target.spec,
      program: runtimeProgram(),
      variables: environmentVariables(target.spec, this.options.region, this.options.environment ?? {}),
      logFd: target.log.fd,
      onPeak: (bytes) => target.notePeak(bytes),
    });
  }

  private async run(target: DeployedFunction, call: InvokeCall, fault?: FunctionFault): Promise<InvokeResult> {
    const { payload, signal } = call;
    const { requestId = randomUUID() } = call;
    const invokedFunctionArn = invokedArn(target.spec, call.functionArn);
    const environment = await this.pool.acquire(target.spec.name, signal);
    try {
      const invocation = { requestId, payload, invokedFunctionArn, signal, fault };
      const outcome = await runInvocation(environment, invocation, () => target.log.start(requestId));
      return this.conclude(target, environment, outcome, requestId, signal);
    } finally {
      this.pool.release(environment);
    }
  }

  private conclude(
    target: DeployedFunction,
    environment: Environment,
    { reply, durationMs, initMs }: Outcome,
    requestId: string,
    signal: AbortSignal | undefined,
  ): InvokeResult {
    const { memorySize, timeout } = target.spec;
    const billedMs = target.count(durationMs, initMs);
    const report = { requestId, durationMs, billedMs, initMs, memorySize, peakRssBytes: environment.peakRssBytes };
    try {
      const verdict = verdictOf(reply, requestId, timeout, signal);
      const failure = reply.kind === 'ended' ? verdict.payload : undefined;
      target.log.end({ ...report, ...statusOf(verdict) }, failure);
      return { payload: verdict.payload, requestId, ...(verdict.reportedType && { functionError: 'Unhandled' }) };
    } catch (stopped) {
      target.log.end({ ...report, status: 'error' }, String(stopped));
      throw stopped;
    }
  }
}

function admit({ spec, inFlight }: DeployedFunction, fault: FunctionFault | undefined): void {
  if (fault?.kind === 'service-exception') throw new ServiceException('A scripted fault of the service.');
  if (fault?.kind === 'throttle') throw new TooManyRequestsException('Rate Exceeded. (a scripted fault)');
  if (spec.reservedConcurrency !== undefined && inFlight >= spec.reservedConcurrency) {
    throw new TooManyRequestsException('Rate Exceeded.');
  }
}

/** The ARN in the context carries the qualifier the caller used. */
function invokedArn(spec: FunctionSpec, reference: string): string {
  const form = [spec.arn, spec.name].find((candidate) => reference.startsWith(`${candidate}:`));
  return form === undefined ? spec.arn : spec.arn + reference.slice(form.length);
}

function statusOf(verdict: Verdict): { status?: 'timeout' | 'error'; errorType?: string | undefined } {
  if (isTimeout(verdict)) return { status: 'timeout' };
  return verdict.reportedType === undefined ? {} : { status: 'error', errorType: verdict.reportedType };
}
