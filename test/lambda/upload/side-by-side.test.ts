import { sideBySide } from '../../../lambda/upload/side-by-side';

const MIB = 1024 ** 2;

/** Work that ends when it is told to, and what is under way of it. */
class Bench {
  readonly begun: number[] = [];
  private readonly ends = new Map<number, (error?: Error) => void>();

  readonly work = ({ id }: { id: number; size: number }) =>
    new Promise<string>((resolve, reject) => {
      this.begun.push(id);
      this.ends.set(id, (error) => (error ? reject(error) : resolve(`done ${id}`)));
    });

  async end(id: number, error?: Error): Promise<void> {
    this.ends.get(id)?.(error);
    await settled();
  }
}

/** Lets all that is ready run. */
const settled = () => new Promise(setImmediate);

const layers = (count: number, mib: number) => Array.from({ length: count }, (_, id) => ({ id, size: mib * MIB }));

test('tiny layers go eight at a time, and the results keep their order', async () => {
  const bench = new Bench();
  const all = sideBySide(layers(10, 0.1), bench.work);
  await settled();
  expect(bench.begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  await bench.end(3);
  expect(bench.begun.at(-1)).toBe(8);
  for (const id of [8, 9, 7, 6, 5, 4, 2, 1, 0]) await bench.end(id);
  await bench.end(9);
  expect(await all).toEqual(layers(10, 0.1).map(({ id }) => `done ${id}`));
});

test('layers of several parts go two at a time: memory is bounded by their parts', async () => {
  const bench = new Bench();
  const all = sideBySide(layers(3, 32), bench.work);
  await settled();
  expect(bench.begun).toEqual([0, 1]);
  for (const id of [0, 1, 2]) await bench.end(id);
  expect(await all).toHaveLength(3);
});

test('after a failure no layer begins, and it is thrown when those under way have ended', async () => {
  const bench = new Bench();
  const thrown = sideBySide(layers(4, 32), bench.work).catch((error: Error) => error.message);
  await settled();
  await bench.end(0, new Error('the first'));
  expect(bench.begun).toEqual([0, 1]);
  await bench.end(1, new Error('the second'));
  expect(await thrown).toBe('the first');
});
