import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { EnvironmentName } from '../../contract/environment';

const logger = new Logger({ serviceName: 'slipway' });

/** What a step knows beside its input; reading a variable that the function was not given throws. */
export interface Surroundings {
  readonly context: Context;
  readonly workBucket: string;
  /** Account that must own every bucket. */
  readonly owner: string;
  readonly stateMachineArn: string;
  /** Logs what went wrong, and does not matter to the outcome. */
  readonly warn: (message: string, error: Error) => void;
}

/** A handler: the event takes the shape of `schema` or the step fails, and each run leaves one log line. */
export function step<Input, Output>(
  schema: { parse(event: unknown): Input },
  run: (input: Input, surroundings: Surroundings) => Promise<Output>,
): (event: unknown, context: Context) => Promise<Output> {
  return async (event, context) => {
    logger.addContext(context);
    try {
      const output = await run(schema.parse(event), surroundings(context));
      logger.info('step done', { output: output as object });
      return output;
    } catch (error) {
      logger.error('step failed', error as Error);
      throw error;
    }
  };
}

function surroundings(context: Context): Surroundings {
  return {
    context,
    warn: (message, error) => logger.warn(message, error),
    get workBucket() {
      return variable('SLIPWAY_WORK_BUCKET');
    },
    get owner() {
      return variable('SLIPWAY_ACCOUNT_ID');
    },
    get stateMachineArn() {
      return variable('SLIPWAY_STATE_MACHINE_ARN');
    },
  };
}

/** An environment variable of the function; a missing one is a fault of the deployment. */
export function variable(name: EnvironmentName): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`the function has no environment variable ${name}`);
}
