import type { State, StateBase } from '../definition/machine';
import type { Template } from '../definition/template';
import { EvaluationError, type Expectation, evaluate, evaluateAs } from '../evaluation/evaluate';
import type { EventDetails } from '../history/event';
import { type Json, type JsonObject, PAYLOAD_LIMIT } from '../json';
import { StateFailure, stopIfAborted } from './failure';
import type { FlowContext } from './run-context';

/** What of `$states` exists beside input and context. */
export interface StatesExtra {
  readonly result?: Json;
  readonly errorOutput?: JsonObject;
}

/** Where a state leads: `next` is absent at the end of the flow. */
export interface Transition {
  readonly output: Json;
  readonly assigned?: JsonObject;
  readonly next?: string;
}

/** One visit of a flow to a state: its events, its expressions and its limits. */
export class Visit {
  retryCount = 0;
  /** Event that the Exited event follows, where it is not the newest. */
  leftFrom: number | undefined;

  constructor(
    readonly flow: FlowContext,
    readonly state: State,
  ) {}

  get input(): Json {
    return this.flow.frame.input;
  }

  /** Writes an event after the flow's newest one and gives its id; Aborted if the flow was told to stop. */
  record(type: string, details?: EventDetails, previousEventId = this.flow.frame.lastEvent): number {
    const id = this.note(type, details, previousEventId);
    this.flow.frame.lastEvent = id;
    return id;
  }

  /** Writes an event that no later one of the flow follows, and gives its id. */
  note(type: string, details: EventDetails | undefined, previousEventId: number): number {
    stopIfAborted(this.flow.signal);
    return this.flow.run.history.add(type, previousEventId, details);
  }

  /** Writes the Entered event, unless a redrive goes on inside the state. */
  enter(): void {
    const { frame, run } = this.flow;
    if (frame.entered !== undefined) return;
    const previous = frame.lastEvent;
    const input = JSON.stringify(frame.input);
    run.history.weigh(input);
    const event = this.record(`${this.state.type}StateEntered`, {
      name: this.state.name,
      input,
      inputDetails: COMPLETE,
    });
    frame.entered = { event, previous, time: run.clock.now() };
  }

  /** Writes the Exited event and moves the flow's variables on. */
  leave(transition: Transition, previousEventId?: number): void {
    const details: Record<string, unknown> = {
      name: this.state.name,
      output: JSON.stringify(transition.output),
      outputDetails: COMPLETE,
    };
    const assigned = Object.entries(transition.assigned ?? {});
    if (assigned.length > 0) {
      details.assignedVariables = Object.fromEntries(assigned.map(([name, value]) => [name, JSON.stringify(value)]));
      details.assignedVariablesDetails = COMPLETE;
    }
    this.record(`${this.state.type}StateExited`, details, previousEventId);
    Object.assign(this.flow.frame.variables, transition.assigned);
  }

  /** The value of a template, or the fallback where the state has none. */
  async value(template: Template | undefined, fallback: Json, extra: StatesExtra = {}): Promise<Json> {
    if (template === undefined) return fallback;
    return this.reporting(() => evaluate(template, this.bindings(extra)));
  }

  /** The value of a template that must have a type; undefined where the state has none. */
  async valueAs<T extends Json>(template: Template | undefined, expectation: Expectation<T>): Promise<T | undefined> {
    if (template === undefined) return undefined;
    return this.reporting(() => evaluateAs(template, this.bindings({}), expectation));
  }

  /** Where the state leads with a result: its Output and Assign, both evaluated before either takes effect. */
  async conclude(
    to: Pick<StateBase, 'next' | 'output' | 'assign'>,
    result: Json,
    extra: StatesExtra,
  ): Promise<Transition> {
    const output = await this.value(to.output, result, extra);
    const assigned = to.assign === undefined ? undefined : await this.value(to.assign, {}, extra);
    this.checkSize(output);
    if (assigned !== undefined) this.checkSize(assigned);
    return {
      output,
      ...(assigned === undefined ? {} : { assigned: assigned as JsonObject }),
      ...(to.next === undefined ? {} : { next: to.next }),
    };
  }

  /** JSON text of a payload; fails with States.DataLimitExceeded above the limit, and for good. */
  checkSize(payload: Json): string {
    const text = JSON.stringify(payload);
    if (this.flow.run.history.weigh(text) > PAYLOAD_LIMIT) throw this.tooLarge(this.state.name, true);
    return text;
  }

  /** The failure of a payload above the limit; that of a task's result, unlike a state's, can be caught. */
  tooLarge(what: string, terminal: boolean): StateFailure {
    const reason = `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    return new StateFailure({ error: 'States.DataLimitExceeded', reason, terminal });
  }

  /** A cause as the service begins it: with the state and the event at which it was entered. */
  located(message: string): string {
    const event = this.flow.frame.entered?.event ?? 0;
    return `An error occurred while executing the state '${this.state.name}' (entered at the event id #${event}). ${message}`;
  }

  /** Runs an evaluation; its error becomes an EvaluationFailed event and a States.QueryEvaluationError. */
  async reporting<T>(evaluation: () => Promise<T>): Promise<T> {
    try {
      const value = await evaluation();
      stopIfAborted(this.flow.signal);
      return value;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      throw this.#evaluationFailed(error);
    }
  }

  private bindings(extra: StatesExtra): Record<string, unknown> {
    const { run, frame, outer } = this.flow;
    const states = { input: frame.input, context: this.#context(), ...extra };
    return { ...run.functions, ...outer, ...frame.variables, states };
  }

  #context(): JsonObject {
    const { run, frame } = this.flow;
    const entered = new Date(frame.entered?.time ?? run.clock.now()).toISOString();
    return {
      ...run.context,
      State: { Name: this.state.name, EnteredTime: entered, RetryCount: this.retryCount },
      ...(frame.item === undefined ? {} : { Map: { Item: { Index: frame.item.index, Value: frame.item.value } } }),
    };
  }

  #evaluationFailed(error: EvaluationError): StateFailure {
    const { frame } = this.flow;
    const failure = { error: 'States.QueryEvaluationError', cause: this.located(error.message) };
    // As recorded from the service: an evaluation right after entering is no successor of the Entered event.
    const first = frame.entered?.event === frame.lastEvent ? frame.entered.previous : frame.lastEvent;
    this.record('EvaluationFailed', { ...failure, location: error.field, state: this.state.name }, first);
    return new StateFailure({ error: failure.error, reason: failure.cause });
  }
}

/** Details of a payload that is recorded whole, as all are here. */
export const COMPLETE = { truncated: false };
