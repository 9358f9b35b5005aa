import type { WaitState } from '../definition/machine';
import { EvaluationError } from '../evaluation/evaluate';
import { sleep } from './sleep';
import type { Transition, Visit } from './visit';

// https://www.rfc-editor.org/rfc/rfc3339 as the States Language narrows it: a T, and a Z or an offset
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const SECONDS = { type: 'number', accepts: isWait, expected: 'an integer from 0 to 99999999' } as const;

/** Waits for seconds or until a time. */
export async function runWait(state: WaitState, visit: Visit): Promise<Transition> {
  const { run, signal } = visit.flow;
  await sleep(run.clock, await duration(state, visit), signal);
  return visit.conclude(state, visit.input, {});
}

async function duration(state: WaitState, visit: Visit): Promise<number> {
  if ('seconds' in state.until) return ((await visit.valueAs<number>(state.until.seconds, SECONDS)) ?? 0) * 1000;
  const text = (await visit.valueAs<string>(state.until.timestamp, { type: 'string' })) ?? '';
  const time = TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return Math.max(0, time - visit.flow.run.clock.now());
  return visit.reporting(async () => {
    const found = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
    throw new EvaluationError('Timestamp', found);
  });
}

function isWait(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds <= 99_999_999;
}
