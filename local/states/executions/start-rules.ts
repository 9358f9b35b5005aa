import { byteLength, PAYLOAD_LIMIT } from '../json';
import { ServiceError } from '../service-error';

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
const REFUSED_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\u{fffe}\u{ffff}\p{Cs}\u{10ffff}]/u;
const LONGEST_NAME = 80;

/** The name, if an execution or state machine may have it; InvalidName or ValidationException otherwise. */
export function checkedName(name: string): string {
  if (name.length < 1 || name.length > LONGEST_NAME) {
    const bound = name.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${LONGEST_NAME}`;
    const found = `Value at 'name' failed to satisfy constraint: Member must have length ${bound}`;
    throw new ServiceError('ValidationException', `1 validation error detected: ${found}`);
  }
  if (REFUSED_IN_NAMES.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}

/** The input, if it is JSON of a size that an execution takes; InvalidExecutionInput otherwise. */
export function checkedInput(input: string): string {
  if (byteLength(input) > PAYLOAD_LIMIT) {
    throw invalidInput(`The input has ${byteLength(input)} bytes, and the most are ${PAYLOAD_LIMIT}`);
  }
  if (input === '') throw invalidInput('Invalid execution input.');
  try {
    JSON.parse(input);
    return input;
  } catch (error) {
    throw invalidInput((error as Error).message);
  }
}

function invalidInput(found: string): ServiceError {
  return new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${found}'`);
}
