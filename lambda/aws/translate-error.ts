import { SlipwayError } from '../contract/errors';
import { type ErrorFacts, ruleFor } from './error-rules';
import { evidenceOf } from './evidence';

/**
 * The Slipway error for what an SDK call threw, or undefined for errors only the caller can judge.
 * @param call what was tried, such as `ecr:InitiateLayerUpload on repository/app`
 */
export function translateError(error: unknown, call: string): SlipwayError | undefined {
  if (error instanceof SlipwayError) return error;
  const facts = factsOf(error);
  const rule = ruleFor(facts);
  if (!rule) return undefined;
  const { type, remedy } = rule;
  const found = `${call} failed: ${facts.name}: ${facts.message}`;
  return new type({ found, remedy, evidence: evidenceOf(error, call) }, { cause: error });
}

function factsOf(error: unknown): ErrorFacts {
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
