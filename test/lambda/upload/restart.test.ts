import { MAX_RESTARTS, planRestart } from '../../../lambda/upload/restart';

const lost = {
  digest: 'sha256:a',
  entry: 'layer.tar',
  repository: 'app',
  refusals: 0,
  lost: 'UploadNotFound' as const,
};

test('restarts are counted and come further and further apart', () => {
  const waits = [0, 1, 2].map((restarts) => planRestart({ ...lost, restarts }, 0.99));
  expect(waits.map(({ restarts }) => restarts)).toEqual([1, 2, 3]);
  expect(waits.map(({ waitSeconds }) => waitSeconds)).toEqual([1, 4, 16]);
});

test('layers that are lost together do not come back together', () => {
  expect(planRestart({ ...lost, restarts: 2 }, 0).waitSeconds).toBe(8);
  expect(planRestart({ ...lost, restarts: 2 }, 0.5).waitSeconds).toBe(12);
});

test('an upload that keeps getting lost ends as UploadExpired, with the layer and the repository in the message', () => {
  expect(() => planRestart({ ...lost, restarts: MAX_RESTARTS }, 0)).toThrow(
    expect.objectContaining({ name: 'UploadExpired', message: expect.stringMatching(/sha256:a to app 4 times/) }),
  );
});

test("bytes that ECR computes another digest of twice are the tarball's fault", () => {
  const wrong = { ...lost, lost: 'DigestMismatch' as const };
  const { restarts, refusals } = planRestart({ ...wrong, restarts: 0 }, 0);
  expect({ restarts, refusals }).toEqual({ restarts: 1, refusals: 1 });
  expect(() => planRestart({ ...wrong, restarts, refusals }, 0)).toThrow(
    expect.objectContaining({ name: 'DigestMismatch' }),
  );
});

test('another digest after restarts for other reasons is the first refusal', () => {
  const wrong = { ...lost, lost: 'DigestMismatch' as const };
  expect(planRestart({ ...wrong, restarts: 2 }, 0)).toMatchObject({ restarts: 3, refusals: 1 });
});
