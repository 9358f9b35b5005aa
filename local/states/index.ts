export type { Clock } from './clock';
export { createStates, type States, type StatesOptions } from './create-states';
export type { StatusChange } from './executions/status-change';
export type { Fault, FaultCall } from './faults';
export type { FunctionCall, FunctionReply } from './function-call';
