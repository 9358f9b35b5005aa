import { FunctionLog } from './function-log';
import type { FunctionSpec } from './function-spec';

/** What one function has used so far. */
export interface FunctionMeasure {
  readonly name: string;
  /** MiB. */
  readonly memorySize: number;
  readonly invocations: number;
  readonly coldStarts: number;
  /** Highest resident set size of any of its environments; 0 before the first. */
  readonly peakRssBytes: number;
  /** Sum over all invocations, each rounded up, cold starts included. */
  readonly billedMs: number;
  /** Longest run of the handler. */
  readonly maxDurationMs: number;
}

/** One function with its log and its counts. */
export class DeployedFunction {
  readonly log: FunctionLog;
  /** Invocations that run or wait in line. */
  inFlight = 0;
  private invocations = 0;
  private coldStarts = 0;
  private peakRssBytes = 0;
  private billedMs = 0;
  private maxDurationMs = 0;

  constructor(
    readonly spec: FunctionSpec,
    logDir: string,
  ) {
    this.log = new FunctionLog(logDir, spec.name);
  }

  /** Counts one finished invocation and gives its billed milliseconds. */
  count(durationMs: number, initMs: number | undefined): number {
    const billed = Math.ceil(durationMs + (initMs ?? 0));
    this.invocations += 1;
    if (initMs !== undefined) this.coldStarts += 1;
    this.billedMs += billed;
    this.maxDurationMs = Math.max(this.maxDurationMs, durationMs);
    return billed;
  }

  /** Takes note of the high-water mark of one environment, in bytes. */
  notePeak(bytes: number): void {
    this.peakRssBytes = Math.max(this.peakRssBytes, bytes);
  }

  measure(): FunctionMeasure {
    const { name, memorySize } = this.spec;
    const { invocations, coldStarts, peakRssBytes, billedMs, maxDurationMs } = this;
    return { name, memorySize, invocations, coldStarts, peakRssBytes, billedMs, maxDurationMs };
  }
}
