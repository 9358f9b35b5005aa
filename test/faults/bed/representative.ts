import type { FaultPoint } from './fault-plan';

/**
 * The calls of a trace without those that repeat others: of a step's invocations the first and the last, and of the
 * calls of one operation in an invocation the first two and the last.
 */
export function representative(trace: readonly FaultPoint[]): FaultPoint[] {
  const invocations = invocationsOf(trace);
  return invocations.flatMap((calls) => {
    const same = invocations.filter(([first]) => first?.operation === calls[0]?.operation);
    return calls === same[0] || calls === same.at(-1) ? withoutRepeats(calls) : [];
  });
}

/** Each with the invocation itself as the first of its calls. */
function invocationsOf(trace: readonly FaultPoint[]): FaultPoint[][] {
  const invocations: FaultPoint[][] = [];
  for (const point of trace) {
    const last = invocations.at(-1);
    if (point.service === 'lambda' || !last) invocations.push([point]);
    else last.push(point);
  }
  return invocations;
}

function withoutRepeats(calls: readonly FaultPoint[]): FaultPoint[] {
  return calls.filter((call) => {
    const same = calls.filter(
      ({ service, operation, reads }) =>
        service === call.service && operation === call.operation && reads === call.reads,
    );
    const at = same.indexOf(call);
    return at < 2 || at === same.length - 1;
  });
}
