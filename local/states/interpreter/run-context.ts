import type { Clock } from '../clock';
import type { FunctionCall, FunctionReply } from '../function-call';
import type { History } from '../history/history';
import type { Json } from '../json';
import type { Frame } from './frame';

/** What one run of an execution gives to all its flows. */
export interface RunContext {
  readonly history: History;
  readonly clock: Clock;
  readonly random: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly invokeFunction: (call: FunctionCall) => Promise<FunctionReply>;
  /** Functions bound in every expression. */
  readonly functions: Record<string, unknown>;
  /** `$states.context` without its State and Map. */
  readonly context: Record<string, Json>;
}

/** One flow of a run: the machine itself, a branch, or an iteration. */
export interface FlowContext {
  readonly run: RunContext;
  readonly frame: Frame;
  /** Variables of the scopes around the flow, which it reads and never writes. */
  readonly outer: Record<string, Json>;
  /** Aborted when the execution ends or a sibling fails. */
  readonly signal: AbortSignal;
}
