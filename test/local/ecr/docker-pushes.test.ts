import { GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import { bytes, createRepository, descriptor, MIB, manifestOf, OCI_MANIFEST, sha256 } from './image-builders';
import { type Fixture, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';

describe('a docker client that pushes', () => {
  let registry: Fixture;
  beforeAll(async () => {
    registry = await startRegistry();
    await createRepository(registry.client, NAME);
    await createRepository(registry.client, 'frozen', { imageTagMutability: 'IMMUTABLE' });
  });
  afterAll(() => registry.stop());

  async function begin(name = NAME): Promise<string> {
    const response = await registry.docker('POST', `/v2/${name}/blobs/uploads/?mount=${sha256('x')}&from=other`);
    expect(response.status).toBe(202);
    return (response.headers.get('location') ?? '').slice(registry.origin.length);
  }
  async function pushBlob(blob: Buffer | string, name = NAME): Promise<Response> {
    return registry.docker('PUT', `${await begin(name)}?digest=${sha256(blob)}`, { body: blob });
  }
  function putManifest(manifest: string, reference: string, name = NAME): Promise<Response> {
    const headers = { 'Content-Type': OCI_MANIFEST };
    return registry.docker('PUT', `/v2/${name}/manifests/${reference}`, { body: manifest, headers });
  }
  async function codeOf(response: Response): Promise<[number, string]> {
    const body = (await response.json()) as { errors: { code: string }[] };
    return [response.status, body.errors.map((error) => error.code).join()];
  }

  it('sends a blob of any length in one PATCH, which counts as parts of the API', async () => {
    const blob = bytes(25 * MIB, 'patched');
    const upload = await begin();
    const patched = await registry.docker('PATCH', upload, { body: blob });
    expect([patched.status, patched.headers.get('range')]).toEqual([201, `0-${blob.length - 1}`]);
    const put = await registry.docker('PUT', `${upload}?digest=${sha256(blob)}`);
    expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, sha256(blob)]);
    const uploadId = upload.slice(upload.lastIndexOf('/') + 1);
    expect(registry.ecr.sent.uploads.get(uploadId)).toEqual({ bytesReceived: blob.length, bytesAccepted: blob.length });
    expect(registry.ecr.sent.calls.get('UploadLayerPart')).toBe(3);
  });

  it('sees a range that does not advance after its first PATCH', async () => {
    const upload = await begin();
    await registry.docker('PATCH', upload, { body: bytes(5 * MIB) });
    const headers = { 'Content-Range': `${5 * MIB}-${5 * MIB + 9}` };
    const second = await registry.docker('PATCH', upload, { body: bytes(10), headers });
    expect(second.headers.get('range')).toBe(`0-${5 * MIB - 1}`);
  });

  it('is told of a PATCH out of turn, however much of it is still on the way', async () => {
    const upload = await begin();
    const headers = { 'Content-Range': `1-${25 * MIB}` };
    const response = await registry.docker('PATCH', upload, { body: bytes(25 * MIB), headers });
    expect(await codeOf(response)).toEqual([416, 'BLOB_UPLOAD_INVALID']);
  });

  it('is told of a wrong digest, an empty blob, a short PATCH in the middle, and a lost upload', async () => {
    const wrong = await registry.docker('PUT', `${await begin()}?digest=${sha256('wrong')}`, { body: 'right' });
    expect(await codeOf(wrong)).toEqual([400, 'BLOB_UPLOAD_INVALID']);
    expect(await codeOf(await pushBlob(''))).toEqual([400, 'BLOB_UPLOAD_INVALID']);
    const short = await begin();
    for (const body of ['a', 'b']) await registry.docker('PATCH', short, { body });
    const whole = await registry.docker('PUT', `${short}?digest=${sha256('ab')}`);
    expect(await codeOf(whole)).toEqual([400, 'BLOB_UPLOAD_INVALID']);
    const lost = await begin();
    registry.ecr.forgetUpload(lost.slice(lost.lastIndexOf('/') + 1));
    expect(await codeOf(await registry.docker('PATCH', lost, { body: 'a' }))).toEqual([404, 'UNKNOWN']);
  });

  it('is hung up on when the repository is not there', async () => {
    await expect(registry.docker('POST', '/v2/absent/blobs/uploads/')).rejects.toThrow();
  });

  it('pushes an image, again without harm, and pulls it by the digest of its bytes', async () => {
    const config = '{"os":"linux"}';
    const layer = bytes(100, 'pushed');
    for (const blob of [config, layer, layer]) expect((await pushBlob(blob)).status).toBe(201);
    const manifest = manifestOf(config, [layer]);
    for (const reference of ['1.0', '1.0', sha256(manifest)]) {
      const put = await putManifest(manifest, reference);
      expect([put.status, put.headers.get('location')]).toEqual([201, null]);
      expect(put.headers.get('docker-content-digest')).toBe(sha256(manifest));
    }
    const got = await registry.docker('GET', `/v2/${NAME}/manifests/1.0`);
    expect(sha256(await got.text())).toBe(sha256(manifest));
    const command = new GetDownloadUrlForLayerCommand({ repositoryName: NAME, layerDigest: sha256(layer) });
    expect((await registry.client.send(command)).layerDigest).toBe(sha256(layer));
    const referrer = manifestOf(config, [layer], { subject: descriptor(manifest, OCI_MANIFEST) });
    const put = await putManifest(referrer, sha256(referrer));
    expect(put.headers.get('oci-subject')).toBe(sha256(manifest));
  });

  it('is told what is wrong with a manifest', async () => {
    const config = '{"os":"frozen"}';
    const layer = bytes(100, 'frozen');
    const manifest = manifestOf(config, [layer]);
    expect(await codeOf(await putManifest(manifest, '1.0', 'frozen'))).toEqual([404, 'BLOB_UPLOAD_UNKNOWN']);
    for (const blob of [config, layer]) await pushBlob(blob, 'frozen');
    await putManifest(manifest, '1.0', 'frozen');
    expect(await codeOf(await putManifest(manifest, '1.0', 'frozen'))).toEqual([400, 'TAG_INVALID']);
    const other = await putManifest(manifest, sha256('other'), 'frozen');
    expect(await codeOf(other)).toEqual([400, 'MANIFEST_INVALID']);
    expect(await codeOf(await putManifest('{', '2.0', 'frozen'))).toEqual([405, 'UNSUPPORTED']);
  });

  it('cannot delete', async () => {
    const response = await registry.docker('DELETE', `/v2/${NAME}/manifests/1.0`);
    expect(await codeOf(response)).toEqual([405, 'UNSUPPORTED']);
  });
});
