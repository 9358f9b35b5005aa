import {
  ClockSkewed,
  CredentialsExpired,
  CredentialsInvalid,
  KmsDenied,
  NetworkUnreachable,
  PermissionDenied,
  QuotaExceeded,
  RepositoryNotFound,
  ServiceUnavailable,
  type SlipwayError,
  Throttled,
} from '../contract/errors';
import type { Finding } from '../contract/finding';
import { denialIn } from '../upload/denial';

/** What an error of AWS or of the network is to us. */
export interface Rule {
  readonly names: RegExp;
  readonly type: new (finding: Finding, options?: ErrorOptions) => SlipwayError;
  readonly remedy: string;
}

/** What is known of an error. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly code: string;
}

/** The rule for an error; undefined for one that only the caller can judge. */
export function ruleFor({ name, message, status, code }: ErrorFacts): Rule | undefined {
  const network = [name, code].some((text) => NETWORK.names.test(text)) ? NETWORK : undefined;
  return ruleForWords(message) ?? named(name) ?? ruleForStatus(status) ?? network ?? outage(status);
}

const NETWORK: Rule = {
  names:
    /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|TimeoutError|RequestTimeout|RequestTimeoutException|NetworkingError|AbortError)$/,
  type: NetworkUnreachable,
  remedy: 'Check that the function reaches the service: a NAT gateway or a VPC endpoint, its policy, and DNS.',
};

/** Error names that AWS services share, most of them in no service model: matched by `name`, not `instanceof`. */
const RULES: readonly Rule[] = [
  {
    names: /^(AccessDenied|AccessDeniedException|Forbidden|AllAccessDisabled|UnauthorizedAccess)$/,
    type: PermissionDenied,
    remedy:
      'Allow the named action to the role in its identity policy, and for another account also in the repository or bucket policy.',
  },
  {
    names: /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/,
    type: CredentialsExpired,
    remedy: 'Drop the tarball again: a function gets fresh credentials whenever it starts.',
  },
  {
    names: /^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/,
    type: ClockSkewed,
    remedy: 'Set the clock of the machine that signed the request; in Lambda drop the tarball again.',
  },
  {
    names:
      /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|CredentialsProviderError|MissingAuthenticationToken(Exception)?)$/,
    type: CredentialsInvalid,
    remedy: 'Check the credentials, and that the region is enabled for the account.',
  },
  {
    names: /^(KmsException|KMS\..*)$/,
    type: KmsDenied,
    remedy: 'Enable the KMS key of the repository or bucket, and allow the role to use it.',
  },
  {
    names: /^RepositoryNotFoundException$/,
    type: RepositoryNotFound,
    remedy:
      'Create the repository, or correct its name, the registry id (the account that owns it) or the region of the push.',
  },
  {
    names: /^(LimitExceededException|TooManyTagsException)$/,
    type: QuotaExceeded,
    remedy: 'Delete images or tags that nobody needs, or ask for a higher quota in Service Quotas.',
  },
  {
    names:
      /^(ThrottlingException|Throttling|TooManyRequestsException|RequestLimitExceeded|SlowDown|ThrottledException)$/,
    type: Throttled,
    remedy: 'Nothing is wrong with the image: the push goes on when AWS takes more requests.',
  },
];

const OUTAGE: Rule = {
  names: /^$/,
  type: ServiceUnavailable,
  remedy: 'Nothing is wrong with the image: the push goes on when the service answers again.',
};

function named(name: string): Rule | undefined {
  return RULES.find(({ names }) => names.test(name));
}

/** What the words tell better than the name: KMS denies under names of its own, and a clock is one more bad signature. */
function ruleForWords(message: string): Rule | undefined {
  if (denialIn(message)) return ruleOf(PermissionDenied);
  return /Signature (expired|not yet current)/.test(message) ? ruleOf(ClockSkewed) : undefined;
}

function ruleForStatus(status: number | undefined): Rule | undefined {
  // HEAD answers have no body, so S3 can name no error there; nor can what stands between us and AWS.
  if (status === 403) return ruleOf(PermissionDenied);
  return status === 429 ? ruleOf(Throttled) : undefined;
}

// A 503 with an HTML body reaches the caller as a SyntaxError: the status tells the truth.
function outage(status = 0): Rule | undefined {
  return status >= 500 ? OUTAGE : undefined;
}

function ruleOf(wanted: Rule['type']): Rule | undefined {
  return RULES.find(({ type }) => type === wanted);
}
