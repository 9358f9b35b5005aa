import { denialIn } from './denial';

/** What an error that Lambda or Step Functions raised comes to. */
export interface PlatformFailure {
  readonly code: string;
  readonly remedy: string;
}

const AGAIN = 'Drop the tarball again: what ECR has is not sent again.';
const LAMBDA_BUSY = 'Raise the concurrency quota of Lambda in this account, or drop fewer tarballs at once.';
const MORE_MEMORY = 'Give the function of this step more memory, and report the tarball that needed it.';

const NAMES: Readonly<Record<string, PlatformFailure>> = {
  'Sandbox.Timedout': { code: 'TimedOut', remedy: AGAIN },
  'States.Timeout': { code: 'TimedOut', remedy: AGAIN },
  // Step Functions has no name for it: SendNotice gives this one.
  Aborted: { code: 'Aborted', remedy: 'Drop the tarball again when it may go on: what ECR has is not sent again.' },
  'Runtime.ExitError': { code: 'OutOfMemory', remedy: MORE_MEMORY },
  'Runtime.OutOfMemory': { code: 'OutOfMemory', remedy: MORE_MEMORY },
  'Lambda.TooManyRequestsException': { code: 'Throttled', remedy: LAMBDA_BUSY },
  'Lambda.ServiceException': { code: 'ServiceUnavailable', remedy: AGAIN },
  'Lambda.AWSLambdaException': { code: 'ServiceUnavailable', remedy: AGAIN },
  'Lambda.SdkClientException': { code: 'ServiceUnavailable', remedy: AGAIN },
  'Lambda.Unknown': { code: 'ServiceUnavailable', remedy: AGAIN },
};

/** Our name for an error of the platform; undefined for one that nobody foresaw. */
export function platformFailure(name: string, words: string): PlatformFailure | undefined {
  if (name.startsWith('Lambda.') && denialIn(words)) return { code: 'PermissionDenied', remedy: AGAIN };
  // A function without memory is killed, or aborts; one that ends with a status of its own has a bug.
  if (name === 'Runtime.ExitError' && /exit status (?!134|137)/.test(words)) return undefined;
  return NAMES[name];
}
