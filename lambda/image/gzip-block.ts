import { gzip } from 'libdeflate';
import type { Block } from './gzip-layer';

/**
 * Makes of one block, in its memory, one gzip member without name or time, by libdeflate compiled to WebAssembly: the
 * same bytes on every machine (decision 0002).
 */
export function gzipBlock(block: Block): Block {
  const made = gzip(block, LEVEL) as Block;
  const member = new Uint8Array(block.buffer, 0, made.length);
  member.set(made);
  // Gives its memory back now: garbage that lies outside the heap may grow to a hundred MiB before it is collected.
  made.buffer.transfer?.(0);
  return member;
}

// Part of what makes the digest as well; the lowest comes to the size of other tools' layers.
const LEVEL = 1;
