import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What the REPORT line of one invocation says. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly initMs?: number | undefined;
  /** MiB. */
  readonly memorySize: number;
  readonly peakRssBytes: number;
  readonly status?: 'timeout' | 'error';
  readonly errorType?: string | undefined;
}

/** The log of one function: its children write to the same descriptor, so lines stand in the order they were written. */
export class FunctionLog {
  readonly fd: number;
  private open = true;

  constructor(logDir: string, functionName: string) {
    mkdirSync(logDir, { recursive: true });
    this.fd = openSync(join(logDir, `${functionName}.log`), 'a');
  }

  /** A child is about to load the function. */
  initStart(): void {
    this.write(`INIT_START Runtime Version: node:${process.version}`);
  }

  /** A handler is about to be given an event. */
  start(requestId: string): void {
    this.write(`START RequestId: ${requestId} Version: $LATEST`);
  }

  /** An invocation ended; `failure` is the reason where it was not the handler that said it. */
  end(report: Report, failure?: string): void {
    if (failure !== undefined) this.write(failure);
    this.write(`END RequestId: ${report.requestId}`);
    this.write(reportLine(report));
  }

  /** One line of plain text. */
  write(line: string): void {
    if (this.open) writeSync(this.fd, `${line}\n`);
  }

  /** Nothing is written any more. */
  close(): void {
    if (this.open) closeSync(this.fd);
    this.open = false;
  }
}

function reportLine(report: Report): string {
  return [
    `REPORT RequestId: ${report.requestId}`,
    `Duration: ${report.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${report.billedMs} ms`,
    `Memory Size: ${report.memorySize} MB`,
    `Max Memory Used: ${Math.ceil(report.peakRssBytes / 1024 / 1024)} MB`,
    ...(report.initMs === undefined ? [] : [`Init Duration: ${report.initMs.toFixed(2)} ms`]),
    ...(report.status === undefined ? [] : [`Status: ${report.status}`]),
    ...(report.errorType === undefined ? [] : [`Error Type: ${report.errorType}`]),
  ].join('\t');
}
