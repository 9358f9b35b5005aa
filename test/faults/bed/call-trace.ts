import type { Cloud } from '../../../local/cloud';
import type { FaultPoint } from './fault-plan';

/** Writes down the calls that a push makes; those of whoever drops and asks are left out. */
export class CallTrace {
  readonly points: FaultPoint[] = [];
  readonly #counts = new Map<string, number>();
  #step = '';

  constructor(private readonly cloud: Cloud) {}

  begin(): void {
    this.cloud.faults.onCall = (service, { operation, input }) => {
      const name = `${service}:${operation}`;
      const nth = (this.#counts.get(name) ?? 0) + 1;
      this.#counts.set(name, nth);
      const { dropBucket } = this.cloud;
      if (!isByFunction(name, input, dropBucket)) return;
      const reads = input.Bucket === dropBucket ? ('source' as const) : ('document' as const);
      if (service === 'lambda') this.#step = operation;
      this.points.push({ service, operation, nth, step: this.#step, ...(service === 's3' && { reads }) });
    };
  }

  end(): void {
    this.cloud.faults.onCall = undefined;
  }
}

function isByFunction(name: string, input: Readonly<Record<string, unknown>>, dropBucket: string): boolean {
  if (name === 's3:PutObject') return input.Bucket !== dropBucket;
  return !/^states:(Describe|List|Get)/.test(name);
}
