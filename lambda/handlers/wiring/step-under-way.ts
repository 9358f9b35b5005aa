import type { StateEvent } from '../../contract/state-output';
import { STEPS } from '../../contract/step-descriptions';

/**
 * The step that was entered last: of the states that people are told of, not those inside of them.
 * @param events what states did, newest first
 */
export async function stepUnderWay(events: AsyncIterable<StateEvent>): Promise<string | undefined> {
  for await (const event of events) if ('entered' in event && event.entered in STEPS) return event.entered;
  return undefined;
}

/** The same events for several readers, each from the newest on; each is asked for once. */
export function remembered<T>(events: AsyncIterator<T>): AsyncIterable<T> {
  const known: Promise<IteratorResult<T>>[] = [];
  return {
    async *[Symbol.asyncIterator]() {
      for (let at = 0; ; at++) {
        known[at] ??= events.next();
        const { done, value } = await (known[at] as Promise<IteratorResult<T>>);
        if (done) return;
        yield value;
      }
    },
  };
}
