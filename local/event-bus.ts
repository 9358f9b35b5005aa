import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BusEvent, matchesEvent } from './event-pattern';
import type { Deployment } from './template';

/** Runs a function as an event target does: Lambda gives every try of one event the same request id. */
export type Invoke = (call: {
  functionArn: string;
  payload: string;
  requestId: string;
}) => Promise<{ functionError?: string; payload: string }>;

/** Files that take a line each. */
export interface BusFiles {
  /** Events that no target took. */
  readonly deadLetters: string;
  /** Messages that topics took. */
  readonly notifications: string;
}

// Six hours, as often as Lambda looks.
const MOST_REFUSALS = 185;

/** The default event bus: the synthesized rules, their targets (functions and topics), retries and dead-letter queues. */
export class EventBus {
  private readonly rules: { pattern: unknown; targets: { Arn: string }[] }[];
  private readonly retries: ReadonlyMap<string, number>;
  private readonly topics: ReadonlySet<string>;
  private readonly deliveries = new Set<Promise<void>>();
  private closing = false;

  constructor(
    deployment: Deployment,
    private readonly invoke: Invoke,
    private readonly files: BusFiles,
  ) {
    this.rules = deployment.resources('AWS::Events::Rule').map(({ properties }) => ({
      pattern: properties.EventPattern,
      targets: (properties.Targets ?? []) as { Arn: string }[],
    }));
    this.topics = new Set(deployment.resources('AWS::SNS::Topic').map(({ arn }) => arn));
    const functions = new Map(deployment.resources('AWS::Lambda::Function').map(({ name, arn }) => [name, arn]));
    const configs = deployment.resources('AWS::Lambda::EventInvokeConfig');
    this.retries = new Map(
      configs.map(({ properties: { FunctionName, MaximumRetryAttempts } }) => [
        functions.get(String(FunctionName)) ?? '',
        Number(MaximumRetryAttempts ?? 2),
      ]),
    );
  }

  /** Hands the event to every target of every rule that it matches; returns at once. */
  put(event: BusEvent): void {
    const matching = this.rules.filter(({ pattern }) => matchesEvent(pattern, event));
    for (const { Arn } of matching.flatMap(({ targets }) => targets)) {
      const delivery = this.deliver(Arn, event).finally(() => this.deliveries.delete(delivery));
      this.deliveries.add(delivery);
    }
  }

  /** Resolves when every event put so far was taken or given up. */
  async idle(): Promise<void> {
    while (this.deliveries.size > 0) await Promise.all(this.deliveries);
  }

  /** From now on what fails is neither tried again nor written down. */
  close(): void {
    this.closing = true;
  }

  private async deliver(arn: string, event: BusEvent): Promise<void> {
    if (this.topics.has(arn)) return append(this.files.notifications, { topicArn: arn, message: event });
    const failure = await this.run(arn, event);
    if (failure === undefined || this.closing) return;
    append(this.files.deadLetters, { functionArn: arn, event, failure });
  }

  /**
   * The last failure, where every try failed. What Lambda does not take, for it is busy or out of order, it takes later
   * and counts as no try. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   */
  private async run(functionArn: string, event: BusEvent): Promise<string | undefined> {
    const call = { functionArn, payload: JSON.stringify(event), requestId: randomUUID() };
    const most = 1 + (this.retries.get(functionArn) ?? 2);
    let failure = '';
    for (let tries = 0, refusals = 0; tries < most && refusals < MOST_REFUSALS && !this.closing; ) {
      try {
        const reply = await this.invoke(call);
        if (reply.functionError === undefined) return undefined;
        failure = reply.payload;
        tries += 1;
      } catch (error) {
        failure = String(error);
        refusals += 1;
      }
    }
    return failure;
  }
}

function append(file: string, line: object): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
