import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../service-error';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$/;

/**
 * The access key id of a request. Refuses one that is not signed for Step Functions in this region; the signature
 * itself is not computed.
 */
export function checkAuthorization(headers: IncomingHttpHeaders, region: string): string {
  const { authorization } = headers;
  if (authorization === undefined) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const [, accessKeyId = '', , signedRegion, service] = AUTHORIZATION.exec(authorization) ?? [];
  if (signedRegion === undefined) {
    throw new ServiceError(
      'IncompleteSignatureException',
      'Authorization header is not one of AWS Signature Version 4',
    );
  }
  if (headers['x-amz-date'] === undefined && headers.date === undefined) {
    throw new ServiceError(
      'IncompleteSignatureException',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  if (service !== 'states') {
    throw new ServiceError('InvalidSignatureException', "Credential should be scoped to correct service: 'states'.");
  }
  if (signedRegion !== region) {
    throw new ServiceError(
      'InvalidSignatureException',
      `Credential should be scoped to a valid region, not '${signedRegion}'.`,
    );
  }
  return accessKeyId;
}
