import zlibBuild from '@zip.js/zip.js/dist/zip-module.wasm';
import { Internal } from '../contract/errors';
import { BLOCK_ROOM, BLOCK_SIZE, type Block } from './gzip-layer';

/**
 * Makes of one block, in its memory, one gzip member without name or time, by zlib compiled to WebAssembly: the same
 * bytes on every machine (decision 0002).
 */
export function gzipBlock(block: Block): Block {
  encoder ??= startEncoder();
  const { zlib, input, output } = encoder;
  const stream = zlib.deflate_new();
  try {
    const started = zlib.deflate_init_gzip(stream, LEVEL);
    if (started !== OK) throw failed(started);
    new Uint8Array(zlib.memory.buffer, input, BLOCK_SIZE).set(block);
    const result = zlib.deflate_process(stream, input, block.length, output, BLOCK_ROOM, FINISH);
    const status = result >> STATUS_SHIFT;
    if (status !== STREAM_END) throw failed(status);
    const member = new Uint8Array(block.buffer, 0, result & SIZE_MASK);
    member.set(new Uint8Array(zlib.memory.buffer, output, member.length));
    return member;
  } finally {
    zlib.deflate_end(stream);
  }
}

// Part of what makes the digest as well; of the levels the lowest that comes to the size of other tools' layers.
const LEVEL = 3;

// https://zlib.net/manual.html#Constants; a result holds the status in its highest byte, and below it a number of bytes.
const OK = 0;
const STREAM_END = 1;
const FINISH = 4;
const STATUS_SHIFT = 24;
const SIZE_MASK = 0xffffff;

/** What the module exports, of what is called here; numbers are addresses in its memory, or zlib's own. */
interface Zlib {
  readonly memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  malloc(size: number): number;
  deflate_new(): number;
  deflate_init_gzip(stream: number, level: number): number;
  deflate_process(
    stream: number,
    input: number,
    inputSize: number,
    output: number,
    outputSize: number,
    flush: number,
  ): number;
  deflate_end(stream: number): number;
}

let encoder: { readonly zlib: Zlib; readonly input: number; readonly output: number } | undefined;

function startEncoder(): NonNullable<typeof encoder> {
  const zlib = new WebAssembly.Instance(new WebAssembly.Module(zlibBuild)).exports as Zlib;
  zlib._initialize();
  return { zlib, input: zlib.malloc(BLOCK_SIZE), output: zlib.malloc(BLOCK_ROOM) };
}

function failed(status: number): Internal {
  return new Internal({ found: `zlib answered ${status} to a block of a layer`, remedy: 'Report this as a bug.' });
}
