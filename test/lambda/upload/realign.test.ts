import { realign } from '../../../lambda/upload/realign';

const PART_SIZE = 10;
const SIZE = 35;
const part = { firstByte: 10, lastByte: 19 };
const refusal = (expected: number, got = 10) => ({
  lastValidByteReceived: Math.max(expected - 1, 0),
  message: `First byte of the layer part is ${got} instead of ${expected}`,
});

test('a part that ECR has already counts as stored', () => {
  expect(realign(part, SIZE, PART_SIZE, refusal(20))).toEqual({ kind: 'stored' });
});

test('the last part of a layer that ECR has already counts as stored', () => {
  const last = { firstByte: 30, lastByte: 34 };
  expect(realign(last, SIZE, PART_SIZE, refusal(35, 30))).toEqual({ kind: 'stored' });
});

test('parts that an earlier run of the step sent are not sent again', () => {
  expect(realign({ firstByte: 0, lastByte: 9 }, SIZE, PART_SIZE, refusal(30, 0))).toEqual({
    kind: 'resume',
    nextByte: 30,
  });
  expect(realign({ firstByte: 0, lastByte: 9 }, SIZE, PART_SIZE, refusal(35, 0))).toEqual({
    kind: 'resume',
    nextByte: 35,
  });
});

test('parts that ECR lost are sent again from where it stands', () => {
  const third = { firstByte: 20, lastByte: 29 };
  expect(realign(third, SIZE, PART_SIZE, refusal(10, 20))).toEqual({ kind: 'resume', nextByte: 10 });
});

test('an upload that ECR has nothing of begins at byte 0, which only the text can say', () => {
  expect(realign(part, SIZE, PART_SIZE, refusal(0))).toEqual({ kind: 'resume', nextByte: 0 });
});

test('an upload that stands inside a part is abandoned', () => {
  expect(realign(part, SIZE, PART_SIZE, refusal(15))).toEqual({ kind: 'abandon' });
});

test('an upload that stands where the refused part begins is abandoned, for the same part would be refused again', () => {
  expect(realign(part, SIZE, PART_SIZE, refusal(10))).toEqual({ kind: 'abandon' });
});

test('a refusal that names no byte ends the upload', () => {
  expect(realign(part, SIZE, PART_SIZE, { message: 'no' })).toEqual({ kind: 'abandon' });
  expect(realign(part, SIZE, PART_SIZE, { message: 'no', lastValidByteReceived: 0 })).toEqual({ kind: 'abandon' });
});
