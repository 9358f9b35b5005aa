import {
  CredentialsInvalid,
  type Finding,
  KmsDenied,
  NetworkUnreachable,
  PermissionDenied,
  QuotaExceeded,
  RepositoryNotFound,
  ServiceUnavailable,
  SlipwayError,
  Throttled,
} from '../contract/errors';

type ErrorClass = new (finding: Finding, options?: ErrorOptions) => SlipwayError;

interface Rule {
  readonly names: RegExp;
  readonly type: ErrorClass;
  readonly remedy: string;
}

/** Error names that AWS services share, most of them in no service model: matched by `name`, not `instanceof`. */
const RULES: readonly Rule[] = [
  {
    names: /^(AccessDenied|AccessDeniedException|Forbidden|AllAccessDisabled|UnauthorizedAccess)$/,
    type: PermissionDenied,
    remedy:
      'Allow the named action to the role in its identity policy, and for another account also in the repository or bucket policy.',
  },
  {
    names:
      /^(ExpiredToken|ExpiredTokenException|UnrecognizedClientException|InvalidSignatureException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|RequestTimeTooSkewed|CredentialsProviderError|MissingAuthenticationToken(Exception)?)$/,
    type: CredentialsInvalid,
    remedy: 'Check that the credentials are current, the clock is right, and the region is enabled for the account.',
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

const NETWORK_CODES =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|TimeoutError|RequestTimeout|RequestTimeoutException|NetworkingError|AbortError)$/;

/**
 * The Slipway error for what an SDK call threw, or undefined for errors only the caller can judge.
 * @param call what was tried, such as `ecr:InitiateLayerUpload on repository/app`
 */
export function translateError(error: unknown, call: string): SlipwayError | undefined {
  if (error instanceof SlipwayError) return error;
  const { name, message, status, code } = facts(error);
  const found = `${call} failed: ${name}: ${message}`;
  const rule = RULES.find(({ names }) => names.test(name)) ?? ruleForStatus(status);
  if (rule) return new rule.type({ found, remedy: rule.remedy }, { cause: error });
  if (NETWORK_CODES.test(name) || NETWORK_CODES.test(code)) {
    return new NetworkUnreachable(
      {
        found,
        remedy: 'Check that the function reaches the service: a NAT gateway or a VPC endpoint, its policy, and DNS.',
      },
      { cause: error },
    );
  }
  // A 503 with an HTML body reaches the caller as a SyntaxError: the status tells the truth.
  if ((status ?? 0) >= 500) {
    return new ServiceUnavailable(
      { found, remedy: 'Nothing is wrong with the image: the push goes on when the service answers again.' },
      { cause: error },
    );
  }
  return undefined;
}

function ruleForStatus(status: number | undefined): Rule | undefined {
  // HEAD answers have no body, so S3 can name no error there; nor can what stands between us and AWS.
  const type = status === 403 ? PermissionDenied : status === 429 ? Throttled : undefined;
  return RULES.find((rule) => rule.type === type);
}

function facts(error: unknown): { name: string; message: string; status: number | undefined; code: string } {
  const { name, message, code, $metadata, $response } = error as {
    name?: string;
    message?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  return {
    name: name ?? 'Error',
    message: message ?? String(error),
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    code: code ?? '',
  };
}
