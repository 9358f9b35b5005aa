/**
 * One event of a history, with the detail object that its type has, as GetExecutionHistory writes it; `timestamp` is
 * epoch milliseconds here. https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export interface HistoryEvent {
  readonly timestamp: number;
  readonly type: string;
  readonly id: number;
  readonly previousEventId: number;
  readonly [details: `${string}EventDetails`]: EventDetails | undefined;
}

/** The fields of a detail object. */
export type EventDetails = Readonly<Record<string, unknown>>;

/** Name of the field that holds an event type's details. */
export function detailsField(type: string): `${string}EventDetails` {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
