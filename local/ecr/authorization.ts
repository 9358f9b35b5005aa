import { createHmac, timingSafeEqual } from 'node:crypto';
import { EcrError } from './errors';
import { optionalTexts } from './input';
import type { Operation, Registry } from './registry';
import { REGISTRY_ID } from './rules';

const TOKEN_LIFETIME = 12 * 3600 * 1000;
const OWN_TOKEN = /^slipway-ecr\.([a-z0-9-]+)\.(\d+)\.([a-f0-9]{64})$/;
const SIGV4 =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=[^,\s]+,\s*Signature=[a-f0-9]{64}$/;

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
export const getAuthorizationToken: Operation = async (registry, input, origin) => {
  // Deprecated: it changes how many entries come back, not what they allow.
  const registryIds = optionalTexts(input, 'registryIds', { min: 1, max: 10 }, REGISTRY_ID);
  const expires = registry.now() + TOKEN_LIFETIME;
  const scope = `slipway-ecr.${registry.region}.${expires}`;
  const authorizationToken = Buffer.from(`AWS:${scope}.${sign(registry, scope)}`).toString('base64');
  const entry = { authorizationToken, expiresAt: expires / 1000, proxyEndpoint: origin };
  return { authorizationData: (registryIds ?? [registry.accountId]).map(() => entry) };
};

/**
 * The access key id of a call on the JSON API. Refuses one whose signature is not of Signature Version 4's form; the
 * signature itself is not verified.
 */
export function checkSigned(registry: Registry, header: string | undefined): string {
  if (header === undefined) {
    throw new EcrError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const match = SIGV4.exec(header);
  if (match === null) {
    throw new EcrError('IncompleteSignatureException', 'The Authorization header is not an AWS Signature Version 4');
  }
  const [, accessKeyId = '', region, service] = match;
  if (region !== registry.region) throw badScope(`a valid region, not '${region}'`);
  if (service !== 'ecr') throw badScope("correct service: 'ecr'");
  return accessKeyId;
}

/** What the docker side makes of a Basic header. */
export type Admission = 'granted' | 'refused' | 'expired';

/**
 * Judges a Basic header: user `AWS` with a token of this registry, which must be genuine and fresh, or with any other
 * password, since on loopback there is nobody to keep out.
 */
export function admission(registry: Registry, header: string | undefined): Admission {
  const match = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '');
  const [, user, password] = /^([^:]*):(.+)$/s.exec(Buffer.from(match?.[1] ?? '', 'base64').toString()) ?? [];
  if (user !== 'AWS' || password === undefined) return 'refused';
  if (!password.startsWith('slipway-ecr.')) return 'granted';
  const [, region, expires, signature] = OWN_TOKEN.exec(password) ?? [];
  if (region === undefined || expires === undefined || signature === undefined) return 'refused';
  const genuine = sign(registry, `slipway-ecr.${region}.${expires}`);
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(genuine))) return 'refused';
  if (region !== registry.region) return 'refused';
  return registry.now() < Number(expires) ? 'granted' : 'expired';
}

/** Signs a text with the registry's secret; hex. */
export function sign(registry: Registry, message: string): string {
  return createHmac('sha256', registry.secret).update(message).digest('hex');
}

function badScope(expected: string): EcrError {
  return new EcrError('InvalidSignatureException', `Credential should be scoped to ${expected}. `);
}
