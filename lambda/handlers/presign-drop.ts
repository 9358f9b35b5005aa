import * as z from 'zod';
import { presignDrop } from '../aws/presign-drop';
import { DropNotFound } from '../contract/api-errors';
import { Drop, dropFolder } from '../contract/drop';
import { PresignDropBody, type PresignedDrop } from '../contract/push-api';
import { splitKey } from '../image/object-key';
import { operation } from './wiring/operation';
import { variable } from './wiring/step';

const EXPIRES_IN_SECONDS = 900;

/** POST /drops and POST /drops/{drop}: a URL that takes one tarball into the drop's folder; IAM allows by the path. */
export const handler = operation(
  { path: z.object({ drop: z.string().optional() }), body: PresignDropBody },
  201,
  async ({ path, body: { key: name, size } }) => {
    const folder = folderOf(path.drop ?? '');
    const key = `${folder}${name}`;
    splitKey(key);
    const bucket = variable('SLIPWAY_DROP_BUCKET');
    const expiresAt = new Date(Date.now() + EXPIRES_IN_SECONDS * 1000).toISOString();
    const url = await presignDrop({ bucket, key, size, expiresInSeconds: EXPIRES_IN_SECONDS });
    const headers = { 'content-length': String(size) };
    return { method: 'PUT', url, headers, bucket, key, expiresAt } satisfies PresignedDrop;
  },
);

/** The prefix of the drop that is asked for, "/" at its end. DropNotFound: a folder inside a drop is none. */
function folderOf(asked: string): string {
  const prefixes = z
    .array(Drop)
    .parse(JSON.parse(variable('SLIPWAY_DROPS')))
    .map(({ prefix }) => dropFolder(prefix));
  const wanted = asked === '' ? '' : `${asked}/`;
  if (prefixes.includes(wanted)) return wanted;
  throw new DropNotFound({
    found: `there is no drop "${asked}"`,
    expected: `one of: ${prefixes.map((prefix) => `"${prefix.slice(0, -1)}"`).join(', ')}`,
    remedy: 'Name a drop of this deployment in the path: POST /drops/{drop}, or POST /drops for the whole bucket.',
  });
}
