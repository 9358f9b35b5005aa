export type { FunctionMeasure } from './deployed-function';
export { FunctionsClosed } from './errors';
export type { FunctionFault } from './fault';
export type { FunctionSpec } from './function-spec';
export { createFunctions, type Functions, type FunctionsOptions } from './functions';
