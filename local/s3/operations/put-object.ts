import type { Bucket, ObjectDraft, StoredVersion } from '../store/bucket';
import { type WriteCondition, writeCondition } from '../wire/conditions';
import { encryptionHeaders, objectHeaders } from '../wire/object-headers';
import { receivePayload } from '../wire/payload';
import { type Operation, target } from './call';
import { checksumHeaders, quoted, versionHeader } from './version-headers';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: Operation = async (call) => {
  const { bucket, key } = target(call);
  const { request } = call;
  const headers = objectHeaders(request);
  const condition = writeCondition(request);
  // Known to fail already: not worth the transfer. It is asked again when the object is about to become visible.
  condition(bucket.current(key));
  const { piece, found } = await bucket.room.bodies.write((sink) => receivePayload(request, sink));
  const draft = { size: found.size, etag: found.md5, headers, pieces: [piece], checksum: found.checksum };
  const version = await commit(bucket, key, draft, condition);
  call.announce(bucket, key, version, 'PutObject');
  return {
    status: 200,
    headers: {
      etag: quoted(version.etag),
      ...versionHeader(bucket, version),
      ...checksumHeaders(version.checksum),
      ...encryptionHeaders(headers),
    },
  };
};

/** Makes a draft whose bytes are its own visible; removes them where that fails. */
export async function commit(
  bucket: Bucket,
  key: string,
  draft: ObjectDraft,
  condition?: WriteCondition,
): Promise<StoredVersion> {
  try {
    return await bucket.put(key, draft, condition);
  } catch (error) {
    await bucket.room.bodies.remove(draft.pieces);
    throw error;
  }
}
