import type { Clock } from '../clock';
import type { Executions } from '../executions/executions';
import type { StateMachines } from '../executions/state-machines';
import type { RequestFields } from './request-fields';

/** What operations work on. */
export interface Service {
  readonly machines: StateMachines;
  readonly executions: Executions;
  readonly clock: Clock;
}

/** One operation of the API: its parameters in, the body of its answer out. ServiceError. */
export type Operation = (fields: RequestFields, service: Service) => Promise<Record<string, unknown>>;
