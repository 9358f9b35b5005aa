import { Duration } from 'aws-cdk-lib';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { NetworkUnreachable, ServiceUnavailable, Throttled } from '../lambda/contract/errors';

/**
 * What the state machine tries again, and for how long; everything else is deterministic and fails at once.
 * The SDK's own retries are over within seconds and come before these.
 */
export const RETRY_POLICIES: readonly RetryProps[] = [
  // AWS asks for patience, or has an outage, and Lambda is part of it: about three hours.
  // https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception
  {
    errors: [
      nameOf(Throttled),
      nameOf(ServiceUnavailable),
      'Lambda.TooManyRequestsException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.ClientExecutionTimeoutException',
    ],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxDelay: Duration.minutes(10),
    maxAttempts: 26,
    jitterStrategy: JitterType.FULL,
  },
  // A network that is down for a moment, or was never there: a few minutes tell which.
  {
    errors: [nameOf(NetworkUnreachable)],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxDelay: Duration.minutes(1),
    maxAttempts: 8,
    jitterStrategy: JitterType.FULL,
  },
  // The function's machine was lost: the step resumes where ECR stands. One that is lost again and again is too small.
  {
    errors: ['Lambda.Unknown', 'Runtime.ExitError', 'Sandbox.Timedout', 'States.Timeout'],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxDelay: Duration.minutes(1),
    maxAttempts: 6,
    jitterStrategy: JitterType.FULL,
  },
];

type NamedError = new (finding: { found: string; remedy: string }) => Error;

/** The literal name of an error class, which is what the state machine sees. */
export function nameOf(type: NamedError): string {
  return new type({ found: '', remedy: '' }).name;
}
