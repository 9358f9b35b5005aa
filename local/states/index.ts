export type { Clock } from './clock';
export { createStates, type States, type StatesOptions } from './create-states';
export type { StateMachineInput } from './executions/state-machine';
export type { StatusChange } from './executions/status-change';
export type { Fault, FaultCall, FaultHook } from './faults';
export type { FunctionCall, FunctionReply } from './function-call';
export { ServiceError, type ServiceErrorName } from './service-error';
