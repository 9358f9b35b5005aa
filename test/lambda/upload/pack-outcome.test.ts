import { type LayerAttempt, packOutcome } from '../../../lambda/upload/pack-outcome';

const attempt = (index: number, more: Partial<LayerAttempt> = {}): LayerAttempt => ({
  index,
  digest: `sha256:${index}`,
  bytesSent: 100,
  restarts: 0,
  ...more,
});
const upload = { uploadId: 'one', partSize: 10, nextByte: 20 };

test('what ECR has is done, whatever became of the upload: somebody else may have completed the layer', () => {
  const attempts = [attempt(0), attempt(1, { lost: 'UploadNotFound' })];
  expect(packOutcome(attempts, new Set(['sha256:0', 'sha256:1']))).toEqual({
    layers: [0, 1].map((index) => ({ index, bytesSent: 100, restarts: 0 })),
    left: [],
  });
});

test('a lost upload and one that the time ran out for go on on their own, with the bytes that they have sent', () => {
  const attempts = [attempt(0), attempt(1, { lost: 'UploadNotFound' }), attempt(2, { upload })];
  expect(packOutcome(attempts, new Set(['sha256:0']))).toEqual({
    layers: [{ index: 0, bytesSent: 100, restarts: 0 }],
    left: [
      { index: 1, bytesSent: 100, restarts: 0, lost: 'UploadNotFound' },
      { index: 2, bytesSent: 100, restarts: 0, upload },
    ],
  });
});
