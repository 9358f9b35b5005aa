import { processorsOf } from '../../../lambda/upload/processors';

test.each([
  [128, 2, 1],
  [1769, 2, 1],
  [3538, 2, 2],
  [10_240, 6, 6],
])('a function of %i MiB that sees %i processors has %i', (memoryMib, machine, count) => {
  expect(processorsOf(memoryMib, machine)).toBe(count);
});

test("a machine's other processors are not the function's", () => {
  expect(processorsOf(3538, 64)).toBe(2);
});
