import { missingItems, sentOf } from '../../../lambda/upload/missing-items';

const upload = { uploadId: 'u', partSize: 10, nextByte: 30 };
const packed = { unverified: [], hold: false };

test('layers that nothing was sent of begin at the first byte, alone or in a pack', () => {
  expect(missingItems({ ...packed, alone: [2], packs: [[0, 1]] }, new Map(), [])).toEqual([
    { index: 2, bytesSent: 0, restarts: 0 },
    { pack: [0, 1] },
  ]);
});

test('one that was begun goes on with its upload, or tells that it was lost', () => {
  const uploads = new Map([
    [4, { bytesSent: 30, upload, allSent: false }],
    [5, { bytesSent: 20, lost: 'UploadNotFound' as const }],
  ]);
  expect(missingItems({ ...packed, alone: [4, 5], packs: [] }, uploads, [])).toEqual([
    { index: 4, bytesSent: 30, restarts: 0, upload, allSent: false },
    { index: 5, bytesSent: 20, restarts: 0, lost: 'UploadNotFound' },
  ]);
});

test('what is all sent is completed by its pack, which waits as others do where nothing else is in it', () => {
  const uploads = new Map([[1, { bytesSent: 30, upload, allSent: true }]]);
  const sent = [{ index: 1, bytesSent: 30, restarts: 0, upload }];
  expect(missingItems({ ...packed, alone: [], packs: [[0, 1], [2]] }, uploads, [])).toEqual([
    { pack: [0, 1], sent },
    { pack: [2] },
  ]);
  expect(missingItems({ ...packed, alone: [], packs: [[1]] }, uploads, [])).toEqual([
    { pack: [1], sent, allSent: true },
  ]);
});

test('one that went to ECR alone, and is missing there, is copied first', () => {
  const toStage = { plan: { bucket: 'b', key: 'k' }, image: 0, index: 3, copy: true };
  expect(missingItems({ ...packed, alone: [1], packs: [[0]] }, new Map(), [{}, { toStage }])).toEqual([
    { index: 1, bytesSent: 0, restarts: 0, toStage },
    { pack: [0] },
  ]);
});

test('how much of a layer is sent', () => {
  expect(sentOf(undefined)).toBeUndefined();
  expect(sentOf({ bytesSent: 30, upload, allSent: true })).toBe('all');
  expect(sentOf({ bytesSent: 30, upload, allSent: false })).toBe('some');
  expect(sentOf({ bytesSent: 30, lost: 'UploadNotFound' })).toBe('some');
});
