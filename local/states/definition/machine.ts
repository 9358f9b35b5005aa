import type { Template } from './template';

/** A state machine as the interpreter runs it: checked, and with every expression compiled. */
export interface Machine extends Flow {
  /** Bound on a whole execution, seconds. */
  readonly timeoutSeconds?: number;
}

/** States with a start: a machine, a branch of a Parallel, or the inside of a Map. */
export interface Flow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export type State =
  | TaskState
  | PassState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

/** `next` is absent where the state ends its flow. */
export interface StateBase {
  readonly name: string;
  readonly next?: string;
  readonly output?: Template;
  readonly assign?: Template;
}

/** A state whose failure can be retried and caught. */
export interface FallibleState extends StateBase {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface TaskState extends FallibleState {
  readonly type: 'Task';
  readonly resource: TaskResource;
  readonly arguments?: Template;
  readonly timeoutSeconds?: Template;
  readonly heartbeatSeconds?: Template;
}

/** The optimized Lambda integration, or a function called by its own ARN. */
export type TaskResource = { readonly kind: 'lambda:invoke' } | { readonly kind: 'function'; readonly arn: string };

export interface PassState extends StateBase {
  readonly type: 'Pass';
}

export interface ChoiceState extends StateBase {
  readonly type: 'Choice';
  readonly choices: readonly ChoiceRule[];
  readonly default?: string;
}

export interface ChoiceRule {
  readonly condition: Template;
  readonly next: string;
  readonly output?: Template;
  readonly assign?: Template;
}

export interface WaitState extends StateBase {
  readonly type: 'Wait';
  readonly until: { readonly seconds: Template } | { readonly timestamp: Template };
}

export interface SucceedState extends StateBase {
  readonly type: 'Succeed';
}

export interface FailState extends StateBase {
  readonly type: 'Fail';
  readonly error?: Template;
  readonly cause?: Template;
}

export interface ParallelState extends FallibleState {
  readonly type: 'Parallel';
  readonly arguments?: Template;
  readonly branches: readonly Flow[];
}

export interface MapState extends FallibleState {
  readonly type: 'Map';
  readonly items?: Template;
  readonly itemSelector?: Template;
  readonly maxConcurrency?: Template;
  readonly toleratedFailureCount?: Template;
  readonly toleratedFailurePercentage?: Template;
  readonly itemProcessor: Flow;
}

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  readonly fullJitter: boolean;
}

export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly next: string;
  readonly output?: Template;
  readonly assign?: Template;
}
