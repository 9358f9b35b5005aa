import { stateMachineArn } from '../arn';
import type { Clock } from '../clock';
import { parseMachine } from '../definition/parse-machine';
import { ServiceError } from '../service-error';
import { checkedName } from './start-rules';
import type { StateMachine, StateMachineInput } from './state-machine';

/** The deployed state machines. */
export class StateMachines {
  readonly #byArn = new Map<string, StateMachine>();

  constructor(private readonly clock: Clock) {}

  /** Deploys a state machine, or a new definition of one. InvalidDefinition, InvalidName, InvalidArn, StateMachineTypeNotSupported. */
  deploy(input: StateMachineInput): StateMachine {
    const { name, arn, roleArn, definition, type, loggingConfiguration } = input;
    checkedName(name);
    stateMachineArn(arn);
    if (type !== 'STANDARD') {
      throw new ServiceError('StateMachineTypeNotSupported', `State machine type ${type} is not run here; STANDARD is`);
    }
    const now = this.clock.now();
    const deployed: StateMachine = {
      ...{ name, arn, roleArn, definition },
      machine: parseMachine(definition),
      creationDate: this.#byArn.get(arn)?.creationDate ?? now,
      updateDate: now,
      ...(loggingConfiguration === undefined ? {} : { loggingConfiguration }),
    };
    this.#byArn.set(arn, deployed);
    return deployed;
  }

  /** StateMachineDoesNotExist. */
  get(arn: string): StateMachine {
    const found = this.#byArn.get(arn);
    if (found === undefined)
      throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return found;
  }

  has(arn: string): boolean {
    return this.#byArn.has(arn);
  }

  list(): StateMachine[] {
    return [...this.#byArn.values()];
  }
}
