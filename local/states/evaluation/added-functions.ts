import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';

/** Where functions take time and chance from; `now` is epoch milliseconds, `random` is from 0 up to 1. */
export interface FunctionSources {
  readonly now: () => number;
  readonly random: () => number;
}

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
const LONGEST_RANGE = 1000;
const FORMATTED_TIME = jsonata('$fromMillis($millis, $picture, $zone)');

/**
 * The functions that Step Functions adds to JSONata, by name, and those whose time or chance must come from here.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function addedFunctions({ now, random }: FunctionSources): Record<string, unknown> {
  return {
    partition,
    range,
    hash,
    parse,
    uuid: () => randomUUID(),
    random: (seed?: unknown) => (seed === undefined ? random() : seededRandom(seed)),
    millis: now,
    now: (picture?: string, zone?: string) => FORMATTED_TIME.evaluate(undefined, { millis: now(), picture, zone }),
    // A binding hides the library's own function: $eval is not to be had.
    eval: undefined,
  };
}

function partition(items: unknown, size: unknown): unknown {
  if (items === undefined) return undefined;
  if (!Array.isArray(items)) throw new Error('$partition: the first argument must be an array');
  const step = wholeNumber(size, '$partition: the second argument');
  if (step < 1) throw new Error('$partition: the second argument must be at least 1');
  return Array.from({ length: Math.ceil(items.length / step) }, (_, index) =>
    items.slice(index * step, (index + 1) * step),
  );
}

function range(first: unknown, last: unknown, step: unknown): unknown {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  const [from, to, by] = [
    wholeNumber(first, '$range: start'),
    wholeNumber(last, '$range: end'),
    wholeNumber(step, '$range: step'),
  ];
  if (by === 0) throw new Error('$range: step must not be 0');
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  if (length > LONGEST_RANGE) throw new Error(`$range: more than ${LONGEST_RANGE} items`);
  return Array.from({ length }, (_, index) => from + index * by);
}

function hash(text: unknown, algorithm: unknown): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new Error('$hash: the first argument must be a string');
  const name = typeof algorithm === 'string' ? HASHES[algorithm] : undefined;
  if (name === undefined) throw new Error(`$hash: the algorithm must be one of ${Object.keys(HASHES).join(', ')}`);
  return createHash(name).update(text, 'utf8').digest('hex');
}

function parse(text: unknown): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new Error('$parse: the argument must be a string');
  return JSON.parse(text);
}

// The same seed gives the same number; which number is not documented. https://en.wikipedia.org/wiki/Xorshift
function seededRandom(seed: unknown): number {
  let bits = wholeNumber(seed, '$random: the seed') ^ 0x9e3779b9 || 1;
  for (let round = 0; round < 8; round += 1) {
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
  }
  return (bits >>> 0) / 2 ** 32;
}

function wholeNumber(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new Error(`${what} must be an integer`);
  return value;
}
