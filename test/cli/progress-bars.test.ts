import { PassThrough } from 'node:stream';
import type { LayerProgress } from '../../cli/follow/layer-progress';
import { progressBars } from '../../cli/follow/progress-bars';

const MIB = 1024 * 1024;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a rate and the time that is left are told when enough is there to tell by', () => {
  const { out, text } = terminal();
  const bars = progressBars(out);
  bars.layers([layer('a', 0)]);
  jest.advanceTimersByTime(1_000);
  bars.layers([layer('a', 500)]);
  jest.advanceTimersByTime(1_000);
  expect(text()).not.toContain('/s');
  bars.layers([layer('a', 4 * MIB)]);
  jest.advanceTimersByTime(1_000);
  bars.close();
  expect(text()).toContain('4.0 MiB of 8.0 MiB, 2.0 MiB/s, 2 s left');
});

test('each layer has a rate of its own, from the byte at which its upload began again', () => {
  const { out, text } = terminal();
  const bars = progressBars(out);
  const show = (a: number, b: number) => {
    bars.layers([layer('a', a * MIB), layer('b', b * MIB)]);
    jest.advanceTimersByTime(1_000);
  };
  show(0, 0);
  show(2, 4);
  expect(text()).toMatch(/2\.0 MiB of 8\.0 MiB, sending, 2\.0 MiB\/s, 3 s left/);
  expect(text()).toMatch(/4\.0 MiB of 8\.0 MiB, sending, 4\.0 MiB\/s, 1 s left/);
  show(0, 6);
  show(3, 7);
  bars.close();
  expect(text()).toMatch(/3\.0 MiB of 8\.0 MiB, sending, 3\.0 MiB\/s, 2 s left/);
});

test('each layer that is on its way has a bar, which goes when the layer is sent', () => {
  const { out, text } = terminal();
  const bars = progressBars(out);
  bars.layers([layer('a', MIB), layer('b', MIB)]);
  jest.advanceTimersByTime(1_000);
  expect(text()).toMatch(/aaaaaaaaaaaa =+-+ 1\.0 MiB of 8\.0 MiB, sending[\s\S]*bbbbbbbbbbbb/);
  bars.layers([{ ...layer('a', 8 * MIB), state: 'sent' }, layer('b', 2 * MIB)]);
  const before = text().length;
  jest.advanceTimersByTime(1_000);
  bars.close();
  expect(text().slice(before)).not.toContain('aaaaaaaaaaaa =');
  expect(text().slice(before)).toContain('bbbbbbbbbbbb =');
});

function layer(letter: string, stored: number): LayerProgress {
  const digest = `sha256:${letter.repeat(64)}`;
  return { digest, repository: 'team-a/app', size: 8 * MIB, state: 'sending', stored, restarts: 0 };
}

/** A stream that says it is a terminal, and what was written to it. */
function terminal() {
  const stream = new PassThrough();
  const pieces: string[] = [];
  stream.on('data', (piece) => pieces.push(String(piece)));
  const size = { isTTY: true, columns: 120, rows: 40, getWindowSize: () => [120, 40] };
  return { out: Object.assign(stream, size) as unknown as NodeJS.WriteStream, text: () => pieces.join('') };
}
