/** One scripted fault: which calls it meets, and what then happens to them. */
export interface FaultRule {
  readonly service: 's3' | 'ecr' | 'states' | 'events' | 'lambda';
  /** API operation, or for `lambda` the step, such as `UploadLayerParts`. */
  readonly operation: string;
  /** Only calls whose input has these values. */
  readonly where?: Readonly<Record<string, unknown>>;
  /** The first matching call it meets, counted from 1. @default 1 */
  readonly from?: number;
  /** How many matching calls it meets. @default 1 */
  readonly times?: number;
  readonly fault?: { readonly kind: string } & Readonly<Record<string, unknown>>;
  /** What somebody else does first, each time; then the fault, or the call as usual. */
  readonly meanwhile?: (call: Call) => Promise<unknown>;
}

/** One call, as the services tell it. */
export interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Faults in waiting for the emulators, in the order they were added; the first that fits a call meets it. */
export class FaultScript {
  private rules: { rule: FaultRule; seen: number }[] = [];

  /** Told of every call, before it meets a fault. */
  onCall: ((service: FaultRule['service'], call: Call) => void) | undefined;

  add(...rules: FaultRule[]): void {
    this.rules.push(...rules.map((rule) => ({ rule, seen: 0 })));
  }

  clear(): void {
    this.rules = [];
  }

  /** The rules, each with the number of calls that it fitted so far. */
  list(): { rule: FaultRule; seen: number }[] {
    return this.rules.map((entry) => ({ ...entry }));
  }

  /** What one service asks before each call. */
  hook<Fault>(service: FaultRule['service']): (call: Call) => Promise<Fault | undefined> {
    return async (call) => {
      this.onCall?.(service, call);
      const rule = this.meet(service, call);
      await rule?.meanwhile?.(call);
      return rule?.fault as Fault | undefined;
    };
  }

  private meet(service: string, call: Call): FaultRule | undefined {
    let met: FaultRule | undefined;
    for (const entry of this.rules) {
      const { rule } = entry;
      if (rule.service !== service || !fits(rule, call)) continue;
      entry.seen += 1;
      const from = rule.from ?? 1;
      if (entry.seen >= from && entry.seen < from + (rule.times ?? 1)) met ??= rule;
    }
    return met;
  }
}

function fits(rule: FaultRule, { operation, input }: Call): boolean {
  return (
    rule.operation === operation &&
    Object.entries(rule.where ?? {}).every(([name, value]) => JSON.stringify(input[name]) === JSON.stringify(value))
  );
}
