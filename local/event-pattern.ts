/** One event on the bus: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/**
 * Whether an event matches a rule's pattern: every field the pattern names holds one of the values it lists.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesEvent(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) {
    const values = Array.isArray(event) ? event : [event];
    return pattern.some((wanted) => values.some((value) => matchesValue(wanted, value)));
  }
  if (typeof pattern !== 'object' || pattern === null)
    throw new Error('an event pattern is made of objects and arrays');
  return Object.entries(pattern).every(([name, inner]) =>
    matchesEvent(inner, (event as Record<string, unknown> | undefined)?.[name]),
  );
}

function matchesValue(wanted: unknown, value: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === value;
  const [[operator, argument] = ['', undefined]] = Object.entries(wanted);
  switch (operator) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(argument));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(argument));
    case 'exists':
      return (value !== undefined) === argument;
    case 'anything-but':
      return !(Array.isArray(argument) ? argument : [argument]).some((other) => matchesValue(other, value));
    default:
      throw new Error(`the local event bus has no pattern operator ${operator}`);
  }
}
