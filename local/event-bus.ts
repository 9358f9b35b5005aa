import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BusEvent, matchesEvent } from './event-pattern';
import type { Deployment } from './template';

/** Runs a function as an event target does. */
export type Invoke = (functionArn: string, payload: string) => Promise<{ functionError?: string; payload: string }>;

/** The default event bus: the synthesized rules, their function targets, their retries and dead-letter queues. */
export class EventBus {
  private readonly rules: { pattern: unknown; targets: { Arn: string }[] }[];
  private readonly retries: ReadonlyMap<string, number>;
  private readonly deliveries = new Set<Promise<void>>();

  /** @param deadLetters file that takes, a line each, the events that no target took */
  constructor(
    deployment: Deployment,
    private readonly invoke: Invoke,
    private readonly deadLetters: string,
  ) {
    this.rules = deployment.resources('AWS::Events::Rule').map(({ properties }) => ({
      pattern: properties.EventPattern,
      targets: (properties.Targets ?? []) as { Arn: string }[],
    }));
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

  private async deliver(functionArn: string, event: BusEvent): Promise<void> {
    const payload = JSON.stringify(event);
    let failure = '';
    for (let tries = 0; tries <= (this.retries.get(functionArn) ?? 2); tries++) {
      try {
        const reply = await this.invoke(functionArn, payload);
        if (reply.functionError === undefined) return;
        failure = reply.payload;
      } catch (error) {
        failure = String(error);
      }
    }
    mkdirSync(dirname(this.deadLetters), { recursive: true });
    appendFileSync(this.deadLetters, `${JSON.stringify({ functionArn, event, failure })}\n`);
  }
}
