import { Sha256 } from '@smithy/core/checksum';
import { keyTo, parseDestination } from '../lambda/contract/drop-destination';
import { hashedPart, nameOf } from '../lambda/contract/execution-name-parts';
import type { PresignedDrop } from '../lambda/contract/push-api';
import { type Api, Refused } from './api';

/** Bytes that are there, of all. */
type Sent = (sent: number, total: number) => void;

/** The most that one presigned upload takes. */
const LARGEST = 5 * 1024 ** 3;

/** What went wrong with a drop, and what to do. */
class DropFailed extends Error {
  override readonly name = 'DropFailed';
}

/**
 * Drops a file, and gives the id of the push that this starts; undefined where the bucket keeps no versions, by which a
 * push is known. Errors: Refused by the API, DropFailed.
 * @param destination such as `team-a/app:1.4.2`; '' where the names inside the tarball count
 */
export async function drop(api: Api, file: File, destination: string, sent: Sent): Promise<string | undefined> {
  if (file.size > LARGEST) {
    throw new DropFailed('A browser drops up to 5 GiB: slipway push, or aws s3 cp, take larger tarballs.');
  }
  const key = keyFor(file.name, destination);
  const version = await upload(await presigned(api, key, file.size), file, sent);
  if (!version) return undefined;
  const hash = new Sha256();
  hash.update(hashedPart(key, version));
  return nameOf(key, hex(await hash.digest()));
}

/** The key that `team-a/app:1.4.2` is dropped under. DropFailed for what is no destination. */
function keyFor(name: string, destination: string): string {
  if (destination === '') return name;
  const parsed = parseDestination(destination);
  if (!parsed) throw new DropFailed(`"${destination}" is no destination: write it as REPOSITORY or REPOSITORY:TAG.`);
  return keyTo(parsed);
}

/** An upload through any drop that takes the key; whose rules count is decided by the key alone. */
async function presigned(api: Api, key: string, size: number): Promise<PresignedDrop> {
  const folders = key.split('/').slice(0, -1);
  let refused: unknown;
  // The drop of the whole bucket is at `drops`, and each other at its folder.
  for (let depth = 0; depth <= folders.length; depth++) {
    const path = ['drops', ...folders.slice(0, depth).map(encodeURIComponent)].join('/');
    try {
      return await api.post(path, { key: key.split('/').slice(depth).join('/'), size });
    } catch (error) {
      const isElsewhere = error instanceof Refused && ['DropNotFound', 'PermissionDenied'].includes(error.problem.code);
      if (!isElsewhere) throw error;
      // That a drop is there and denied tells more than that one is not there.
      if (!refused || error.problem.code === 'PermissionDenied') refused = error;
    }
  }
  throw refused;
}

// XMLHttpRequest, for fetch tells nothing of what it has sent.
function upload({ method, url, headers }: PresignedDrop, file: File, sent: Sent): Promise<string | null> {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const fail = (found: string) => reject(new DropFailed(found));
    request.upload.onprogress = ({ loaded, total }) => sent(loaded, total);
    request.onerror = () =>
      fail(
        'The upload broke off: the connection was lost, or the CORS rules of the drop bucket do not let this page in.',
      );
    request.onload = () => {
      if (request.status === 200) return resolve(request.getResponseHeader('x-amz-version-id'));
      const [, message = request.statusText] = /<Message>([^<]*)/.exec(request.responseText) ?? [];
      fail(`S3 refused the upload with ${request.status}: ${message}`);
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      // The browser says itself how long the body is.
      if (name !== 'content-length') request.setRequestHeader(name, value);
    }
    // A type would be a header that S3 has to be asked for first.
    request.send(file.slice(0, file.size, ''));
  });
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
