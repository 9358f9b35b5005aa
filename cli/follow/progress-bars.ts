import { MultiBar, type SingleBar } from 'cli-progress';
import { bytes, shortDigest } from '../../lambda/contract/figures';
import { duration } from '../format';
import type { LayerProgress } from './layer-progress';

/** Lines, and bars that stay below them while something is on its way; where there is no terminal, lines alone. */
export interface ProgressBars {
  line(text: string): void;
  uploading(sent: number, total: number, resumed: number): void;
  /** One bar for each layer that is on its way, and one for all of them together. */
  layers(all: readonly LayerProgress[]): void;
  clear(): void;
  close(): void;
}

const FORMAT = '  {name} {bar} {what}';
const REFRESHES_A_SECOND = 8;
const ACTIVE: readonly LayerProgress['state'][] = ['compressing', 'checking', 'sending'];
const TELLING_BYTES = 1024 * 1024;

/** Bars on a terminal, drawn by cli-progress. */
export function progressBars(out: NodeJS.WriteStream): ProgressBars {
  return out.isTTY ? new TerminalBars(out) : plainLines(out);
}

function plainLines(out: NodeJS.WriteStream): ProgressBars {
  const none = () => undefined;
  return { line: (text) => out.write(`${text}\n`), uploading: none, layers: none, clear: none, close: none };
}

class TerminalBars implements ProgressBars {
  #multi: MultiBar | undefined;
  readonly #bars = new Map<string, SingleBar>();
  /** When a bar was shown first, and what was done then and last. */
  readonly #began = new Map<string, { at: number; done: number; last: number }>();

  constructor(private readonly out: NodeJS.WriteStream) {}

  line(text: string): void {
    if (this.#multi) this.#multi.log(`${text}\n`);
    else this.out.write(`${text}\n`);
  }

  uploading(sent: number, total: number, resumed: number): void {
    this.#show(
      'tarball',
      'tarball     ',
      sent,
      total,
      `${bytes(sent)} of ${bytes(total)}${this.#speed('tarball', sent - resumed, total - sent)}`,
    );
  }

  layers(all: readonly LayerProgress[]): void {
    const active = all.filter(({ state }) => ACTIVE.includes(state));
    const names = new Set(active.map(({ digest }) => digest));
    for (const name of [...this.#bars.keys()]) if (name !== 'layers' && !names.has(name)) this.#hide(name);
    const missing = all.filter(({ state }) => state !== 'there');
    const [done, total] = [sum(missing.map(({ stored }) => stored)), sum(missing.map(({ size }) => size))];
    if (done >= total) {
      this.clear();
      return;
    }
    this.#show(
      'layers',
      'all layers  ',
      done,
      total,
      `${bytes(done)} of ${bytes(total)}${this.#speed('layers', done, total - done)}`,
    );
    for (const { digest, size, stored, state, restarts } of active) {
      const again = restarts === 0 ? '' : `, restart ${restarts}`;
      const speed = state === 'checking' ? '' : this.#speed(digest, stored, size - stored);
      const what = `${bytes(stored)} of ${bytes(size)}, ${state}${again}${speed}`;
      this.#show(digest, shortDigest(digest), stored, size, what);
    }
  }

  clear = (): void => {
    this.#multi?.stop();
    this.#multi = undefined;
    this.#began.clear();
    this.#bars.clear();
  };

  close = (): void => this.clear();

  #show(id: string, name: string, done: number, total: number, what: string): void {
    this.#multi ??= new MultiBar({
      format: FORMAT,
      stream: this.out,
      fps: REFRESHES_A_SECOND,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
    });
    const bar = this.#bars.get(id) ?? this.#multi.create(Math.max(total, 1), 0, { name, what });
    this.#bars.set(id, bar);
    bar.setTotal(Math.max(total, 1));
    bar.update(done, { name, what });
  }

  #hide(id: string): void {
    const bar = this.#bars.get(id);
    if (bar) this.#multi?.remove(bar);
    this.#bars.delete(id);
    this.#began.delete(id);
  }

  /** Rate since the first byte, and the time that the rest takes at it. */
  #speed(id: string, done: number, left: number): string {
    const before = this.#began.get(id);
    // An upload that began again has a rate of its own.
    const began = before && before.last <= done ? before : { at: Date.now(), done };
    this.#began.set(id, { ...began, last: done });
    const seconds = (Date.now() - began.at) / 1000;
    const rate = (done - began.done) / seconds;
    // A few bytes, acknowledged after a second, promise hundreds of hours.
    if (seconds < 0.5 || rate <= 0 || done < TELLING_BYTES) return '';
    return `, ${bytes(Math.round(rate))}/s, ${duration(left / rate)} left`;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
