import type { Clock } from '../clock';
import { Aborted, stopIfAborted } from './failure';

/** Lets time pass by the clock; Aborted as soon as the signal says so. */
export async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  stopIfAborted(signal);
  if (ms <= 0) return;
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (signal.aborted) throw new Aborted();
    throw error;
  }
  stopIfAborted(signal);
}
