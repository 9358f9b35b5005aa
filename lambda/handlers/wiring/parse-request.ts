import * as z from 'zod';
import { RequestInvalid } from '../../contract/errors';
import { PushRequest } from '../../contract/push-request';

/** The push request, its fields in one order, whoever sent it. RequestInvalid, which names every field at fault. */
export function parseRequest(request: unknown, remedy: string): PushRequest {
  const { success, data, error } = PushRequest.safeParse(request);
  if (success) return data;
  throw new RequestInvalid({
    found: `this is no push request: ${z.prettifyError(error).replaceAll('\n', ' ')}`,
    expected:
      '{"source": {"bucket", "key", "versionId"?}, "repository"?, "tags"?, "registryId"?, "verify"?, "missing"?, ' +
      '"platforms"?, "layers"?, "compression"?, "onlyNewest"?}',
    remedy,
  });
}
