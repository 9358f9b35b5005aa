import { setImmediate } from 'node:timers/promises';
import type { Flow, State } from '../definition/machine';
import type { Json } from '../json';
import { stopIfAborted } from './failure';
import { runChoice } from './run-choice';
import type { FlowContext } from './run-context';
import { runFail } from './run-fail';
import { runMap } from './run-map';
import { runParallel } from './run-parallel';
import { runTask } from './run-task';
import { runWait } from './run-wait';
import { type Transition, Visit } from './visit';

const VISITS_AT_A_STRETCH = 64;

/** Runs a flow from where its frame stands to its end, and gives its output. StateFailure, Aborted, HistoryFull. */
export async function runFlow(states: Flow, flow: FlowContext): Promise<Json> {
  const { frame } = flow;
  for (let visits = 1; ; visits += 1) {
    // A loop of states that wait for nothing must let requests in, above all the one that stops it.
    if (visits % VISITS_AT_A_STRETCH === 0) await setImmediate();
    stopIfAborted(flow.signal);
    const state = states.states.get(frame.at);
    if (state === undefined) throw new Error(`A frame stands at '${frame.at}', which its definition does not have`);
    const transition = await visitState(state, flow);
    if (transition.next === undefined) return transition.output;
    frame.at = transition.next;
    frame.input = transition.output;
    delete frame.entered;
    delete frame.slots;
  }
}

async function visitState(state: State, flow: FlowContext): Promise<Transition> {
  const visit = new Visit(flow, state);
  visit.enter();
  const transition = await work(state, visit);
  // As recorded from the service: a Map or Parallel that succeeded is left from its last iteration's event.
  visit.leave(transition, visit.leftFrom);
  return transition;
}

function work(state: State, visit: Visit): Promise<Transition> {
  switch (state.type) {
    case 'Task':
      return runTask(state, visit);
    case 'Pass':
    case 'Succeed':
      return visit.conclude(state, visit.input, {});
    case 'Choice':
      return runChoice(state, visit);
    case 'Wait':
      return runWait(state, visit);
    case 'Fail':
      return runFail(state, visit);
    case 'Parallel':
      return runParallel(state, visit);
    case 'Map':
      return runMap(state, visit);
  }
}
