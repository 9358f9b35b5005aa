import { ServiceError } from './service-error';

const PREFIX = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:/;
const STATE_MACHINE = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^:/\s]{1,80}$/;
const EXECUTION = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:execution:[^:/\s]{1,80}:[^:/\s]{1,80}$/;

/** The text, if it is a state machine's ARN; InvalidArn otherwise. */
export function stateMachineArn(text: string): string {
  return checked(text, STATE_MACHINE, 'stateMachine');
}

/** The text, if it is an execution's ARN; InvalidArn otherwise. */
export function executionArn(text: string): string {
  return checked(text, EXECUTION, 'execution');
}

/** ARN of the execution of this name. */
export function executionArnOf(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

function checked(text: string, shape: RegExp, kind: string): string {
  if (shape.test(text)) return text;
  const found = PREFIX.test(text) ? `Resource type not valid in this context: not a ${kind}` : `Invalid ARN prefix`;
  throw new ServiceError('InvalidArn', `Invalid Arn: '${found}: ${text}'`);
}
