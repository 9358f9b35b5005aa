import type { Machine } from '../definition/machine';

/** A deployed state machine. Times are epoch milliseconds. */
export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly machine: Machine;
  readonly loggingConfiguration?: unknown;
  readonly creationDate: number;
  readonly updateDate: number;
}

/** What a deployment says of a state machine. */
export interface StateMachineInput {
  readonly name: string;
  readonly arn: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly loggingConfiguration?: unknown;
}
