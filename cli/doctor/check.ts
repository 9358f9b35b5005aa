/** What one check of `slipway doctor` found. */
export interface Check {
  readonly name: string;
  /** `unknown`: an earlier check that failed leaves it open. */
  readonly result: 'ok' | 'bad' | 'unknown';
  readonly found: string;
  /** Section of the runbook, and what to do; of what is bad. */
  readonly code?: string;
  readonly remedy?: string;
}

/** A check that is passed. */
export function ok(name: string, found: string): Check {
  return { name, result: 'ok', found };
}

/** A check that is not passed. */
export function bad(name: string, code: string | undefined, found: string, remedy: string): Check {
  return { name, result: 'bad', ...(code === undefined ? {} : { code }), found, remedy };
}

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|Forbidden|403)$/;
const CREDENTIALS =
  /^(ExpiredToken|ExpiredTokenException|UnrecognizedClientException|InvalidSignatureException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidClientTokenId|CredentialsProviderError)$/;
const NETWORK = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/;

/**
 * Makes a call and judges what comes of it.
 * @param expected errors that only an allowed caller gets, so that a call which changes nothing shows a permission
 */
export async function probe(
  name: string,
  action: string,
  call: () => Promise<unknown>,
  expected: readonly string[] = [],
): Promise<Check> {
  const began = Date.now();
  try {
    await call();
    return ok(name, `${action} answers, ${Date.now() - began} ms`);
  } catch (error) {
    const { name: type, message, code = '' } = error as Error & { code?: string };
    if (expected.includes(type)) return ok(name, `${action} is allowed, ${Date.now() - began} ms`);
    return judged(name, action, type, message, code);
  }
}

function judged(name: string, action: string, type: string, message: string, code: string): Check {
  const found = `${action}: ${type}: ${message}`;
  if (DENIED.test(type)) {
    const remedy = `Allow ${action} in the identity policy; for another account in the resource's policy, too.`;
    return bad(name, 'PermissionDenied', found, remedy);
  }
  if (CREDENTIALS.test(type)) {
    return bad(name, 'CredentialsInvalid', found, 'Renew the credentials, and check the clock and the region.');
  }
  if (NETWORK.test(type) || NETWORK.test(code)) {
    return bad(name, 'NetworkUnreachable', found, 'Check DNS, proxy, routes and VPC endpoints to the service.');
  }
  if (type === 'RepositoryNotFoundException') {
    return bad(name, 'RepositoryNotFound', found, 'Create the repository, or correct name, registry id and region.');
  }
  return bad(name, undefined, found, `Read what ${action.split(':')[0]} says of ${type}.`);
}
