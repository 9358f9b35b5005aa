import { ServiceError } from '../service-error';

/** The error of a definition that breaks the schema at a JSON-pointer-like path. */
export function invalidAt(path: string, found: string): ServiceError {
  return invalid(`SCHEMA_VALIDATION_FAILED: ${found} at ${path === '' ? '/' : path}`);
}

/** The error of a transition that leads nowhere, or of a state that nothing leads to. */
export function brokenTransition(path: string, found: string): ServiceError {
  return invalid(`MISSING_TRANSITION_TARGET: ${found} at ${path === '' ? '/' : path}`);
}

/** The error of a definition text that is no JSON. */
export function notJson(found: string): ServiceError {
  return invalid(`INVALID_JSON_DESCRIPTION: ${found}`);
}

function invalid(found: string): ServiceError {
  return new ServiceError('InvalidDefinition', `Invalid State Machine Definition: '${found}'`);
}
