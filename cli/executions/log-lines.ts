import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** One thing that happened in a push. */
export interface LogLine {
  /** Seconds since the push began. */
  readonly seconds: number;
  readonly state: string;
  readonly what: 'done' | 'failed' | 'timed out' | 'ended';
  /** Seconds from entering the state to leaving it. */
  readonly took?: number;
  readonly error?: string;
  readonly cause?: string;
  /** Indexes of the image and of the layer that it is about. */
  readonly image?: number;
  readonly layer?: number;
}

const FAILED = /^(LambdaFunctionFailed|TaskFailed|LambdaFunctionScheduleFailed|LambdaFunctionStartFailed)$/;
const TIMED_OUT = /^(LambdaFunctionTimedOut|TaskTimedOut)$/;
const ENDED = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/;

interface Entered {
  readonly state: string;
  readonly at: number;
  readonly about: Pick<LogLine, 'image' | 'layer'>;
}

/** The history of a push as lines: states done, calls that failed, what was tried again, and the end. */
export function logLines(events: readonly HistoryEvent[]): LogLine[] {
  const began = events[0]?.timestamp?.getTime() ?? 0;
  const byName = new Map<string, Entered>();
  const stateOf = new Map<number, Entered>();
  return events.flatMap((event): LogLine[] => {
    const { id = 0, previousEventId = 0, type = '' } = event;
    const at = event.timestamp?.getTime() ?? began;
    const seconds = (at - began) / 1000;
    const details = event.stateEnteredEventDetails;
    if (details?.name) {
      const here = { state: details.name, at, about: aboutOf(details.input) };
      stateOf.set(id, here);
      byName.set(details.name, here);
      return [];
    }
    const place = stateOf.get(previousEventId);
    if (place) stateOf.set(id, place);
    const { state = '', about = {} } = place ?? {};
    const exited = event.stateExitedEventDetails?.name;
    if (exited) {
      // What only chooses or passes on says nothing that its neighbours do not.
      if (!/^(Task|Map|Wait)StateExited$/.test(type)) return [];
      // A map is left after the last event of an item, which is not its own.
      const own = place?.state === exited ? place : byName.get(exited);
      return [{ seconds, state: exited, what: 'done', ...(own ? { took: (at - own.at) / 1000, ...own.about } : {}) }];
    }
    if (FAILED.test(type)) return [{ seconds, state, what: 'failed', ...errorOf(event), ...about }];
    if (TIMED_OUT.test(type)) return [{ seconds, state, what: 'timed out', ...errorOf(event), ...about }];
    return ENDED.test(type)
      ? [{ seconds, state: type.slice('Execution'.length), what: 'ended', ...errorOf(event) }]
      : [];
  });
}

function errorOf(event: HistoryEvent): Pick<LogLine, 'error' | 'cause'> {
  const all = Object.entries(event).find(([name, value]) => name.endsWith('EventDetails') && value !== undefined);
  const { error, cause } = (all?.[1] ?? {}) as { error?: string; cause?: string };
  return { ...(error ? { error } : {}), ...(cause ? { cause: messageIn(cause) } : {}) };
}

/** Lambda puts its error as JSON into the cause, and a diagnosis is JSON, too. */
function messageIn(cause: string): string {
  try {
    const { errorMessage, cause: diagnosed } = JSON.parse(cause) as { errorMessage?: string; cause?: string };
    return errorMessage ?? diagnosed ?? cause;
  } catch {
    return cause;
  }
}

function aboutOf(input: string | undefined): Pick<LogLine, 'image' | 'layer'> {
  try {
    const { image, index } = JSON.parse(input ?? '{}') as { image?: unknown; index?: unknown };
    return {
      ...(typeof image === 'number' ? { image } : {}),
      ...(typeof index === 'number' ? { layer: index } : {}),
    };
  } catch {
    return {};
  }
}
