import { RequestInvalid } from '../contract/errors';
import { PushRequest } from '../contract/push-request';

/** Fields of a request that an object's metadata may hold, too, and their names there. */
const NAMES = {
  missing: 'slipway-missing',
  platforms: 'slipway-platforms',
  layers: 'slipway-layers',
  compression: 'slipway-compression',
  verify: 'slipway-verify',
  registryId: 'slipway-registry-id',
} as const;

type Field = keyof typeof NAMES;
const FIELDS = Object.keys(NAMES) as Field[];

/** The metadata that tells a drop what a request would. */
export function asMetadata(options: Pick<Partial<PushRequest>, Field>): Record<string, string> {
  const given = FIELDS.flatMap((field) => {
    const value = options[field];
    return value === undefined ? [] : [[NAMES[field], Array.isArray(value) ? value.join(',') : String(value)]];
  });
  return Object.fromEntries(given);
}

/**
 * The request with what the object's metadata says beside it, so that a drop can say how it is read and pushed; the
 * request comes first. RequestInvalid where the two together are no request.
 */
export function withMetadata(request: PushRequest, metadata: Readonly<Record<string, string>>): PushRequest {
  const given = FIELDS.flatMap((field) => {
    const text = metadata[NAMES[field]]?.trim() ?? '';
    if (text === '' || request[field] !== undefined) return [];
    return [[field, field === 'platforms' ? text.split(',').map((one) => one.trim()) : text] as const];
  });
  if (given.length === 0) return request;
  const { success, data, error } = PushRequest.safeParse({ ...request, ...Object.fromEntries(given) });
  if (success) return data;
  const names = given.map(([field]) => NAMES[field]).join(', ');
  throw new RequestInvalid({
    found: `the metadata ${names} gives no push request: ${error.issues.map(issueText).join('; ')}`,
    expected: 'the values that the fields of a request take, platforms with commas between them',
    remedy: 'Correct the metadata, and drop the tarball again.',
  });
}

function issueText({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return `${path.map(String).join('.')}: ${message}`;
}
