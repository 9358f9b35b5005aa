import { partsInFlight } from '../../../lambda/upload/parts-in-flight';

const MIB = 1024 * 1024;
const room = { wanted: 2, memoryMib: 512, partSize: 10 * MIB, restarts: 0 };

test('as many parts are in flight as are wanted', () => {
  expect(partsInFlight(room)).toBe(2);
  expect(partsInFlight({ ...room, wanted: 1 })).toBe(1);
});

test('no more are in flight than the memory holds beside one that is read ahead', () => {
  expect(partsInFlight({ ...room, partSize: 100 * MIB })).toBe(1);
  expect(partsInFlight({ ...room, wanted: 50 })).toBe(24);
});

test('one is in flight where there is no room at all, and after a restart', () => {
  expect(partsInFlight({ ...room, memoryMib: 128 })).toBe(1);
  expect(partsInFlight({ ...room, restarts: 1 })).toBe(1);
});
