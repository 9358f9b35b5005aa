import type { FaultRule } from '../../../local/fault-script';
import type { FaultName, FaultPlan } from './fault-plan';
import type { Neighbours } from './neighbours';

/** More tries than an SDK client makes: what comes through is seen by the state machine. */
const BEYOND_SDK = 5;

/** The rules that make a plan happen. `neighbours`: who else is at work on the same bucket and registry. */
export function faultRules({ faults }: FaultPlan, neighbours: Neighbours): FaultRule[] {
  return faults.map(({ service, operation, nth, fault }) => ({
    service,
    operation,
    from: nth,
    ...(service === 'lambda' ? ofInvocations(fault, operation, neighbours) : ofCalls(fault, neighbours)),
  }));
}

type What = Pick<FaultRule, 'times' | 'fault' | 'meanwhile'>;

function ofInvocations(fault: FaultName, step: string, neighbours: Neighbours): What {
  switch (fault) {
    case 'killed':
      return { fault: { kind: 'kill-before' } };
    case 'throttled':
      return { times: BEYOND_SDK, fault: { kind: 'throttle' } };
    case 'service-exception':
      return { fault: { kind: 'service-exception' } };
    case 'run-twice':
      return { meanwhile: async ({ input }) => neighbours.runToo(step, String(input.payload)) };
    default:
      throw new Error(`${fault} does not befall an invocation`);
  }
}

function ofCalls(fault: FaultName, neighbours: Neighbours): What {
  switch (fault) {
    case 'reset':
    case 'reply-lost':
    case 'hang':
    case 'short-read':
    case 'whole-object':
      return { fault: { kind: fault } };
    case 'killed':
      return { meanwhile: () => neighbours.loseMachine(), fault: { kind: 'reset' } };
    case 'throttled':
      return { times: BEYOND_SDK, fault: { kind: 'throttle' } };
    case 'server-error':
      return { times: BEYOND_SDK, fault: { kind: 'server-error' } };
    case 'upload-forgotten':
      return { fault: { kind: 'forget-upload' } };
    case 'part-lost':
      return { fault: { kind: 'lose-part' } };
    case 'part-taken-partly':
      return { fault: { kind: 'take-partly', bytes: 1_000 } };
    case 'part-size-changed':
      return { fault: { kind: 'part-size', bytes: 100_000 } };
    case 'layers-collected':
      return { meanwhile: () => neighbours.collectLayers() };
    case 'repository-deleted':
      return { meanwhile: () => neighbours.deleteRepository() };
    case 'repository-recreated':
      return { meanwhile: () => neighbours.recreateRepository() };
    case 'tag-set-elsewhere':
      return { meanwhile: () => neighbours.setTag() };
    case 'source-overwritten':
      return { meanwhile: () => neighbours.overwriteSource() };
    case 'source-hidden':
      return { meanwhile: () => neighbours.hideSource() };
    case 'source-deleted':
      return { meanwhile: () => neighbours.deleteSource() };
    case 'service-exception':
    case 'run-twice':
      throw new Error(`${fault} does not befall a call`);
  }
}
