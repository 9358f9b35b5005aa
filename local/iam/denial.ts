import type { Judgement, Requirement } from './evaluate';
import type { Service } from './requirements';

/** An error in the service's own wire form, as the emulators answer it. */
export interface Denial {
  readonly kind: 'error';
  readonly name: string;
  readonly message: string;
  readonly status: number;
}

/** Refuses a call that this policy check cannot judge, and in a way that nobody tries again. */
export function unjudged(service: Service, operation: string): Denial {
  const message = `the local AWS does not know what ${service}:${operation} needs`;
  return { kind: 'error', name: 'InvalidAction', message, status: 400 };
}

/** What AWS says to a caller who may not: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function denial(
  service: Service,
  principal: string,
  { action, resource }: Requirement,
  judgement: Judgement,
): Denial {
  // S3 puts its own resources in quotes, and passes the words of KMS on as they are.
  const named = action.startsWith('s3:') ? `"${resource}"` : resource;
  const because =
    judgement === 'explicitly denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${principal} is not authorized to perform: ${action} on resource: ${named} ${because}`;
  return service === 's3'
    ? { kind: 'error', name: 'AccessDenied', message, status: 403 }
    : { kind: 'error', name: 'AccessDeniedException', message, status: 400 };
}
