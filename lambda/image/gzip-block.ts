import { crc32 } from 'node:zlib';
import { deflate } from 'libdeflate';
import { giveBack } from './give-back';
import type { Block } from './gzip-layer';
import { isSpreadEvenly } from './spread-evenly';
import { storedBlocks } from './stored-blocks';

/**
 * Makes of one block, in its memory, one gzip member (RFC 1952, 2.3) without name or time: by libdeflate compiled to
 * WebAssembly, or stored where it was compressed before; the same bytes on every machine (decision 0002).
 */
export function gzipBlock(block: Block): Block {
  const deflated = isCompressed(block) ? storedBlocks(block) : deflate(block, LEVEL);
  // Node counts by instructions of the processor what WebAssembly would by a table.
  const crc = crc32(block);
  const size = block.length;
  const member = Buffer.from(block.buffer, 0, HEADER.length + deflated.length + TRAILER_SIZE);
  member.set(HEADER);
  member.set(deflated, HEADER.length);
  member.writeUInt32LE(crc, member.length - TRAILER_SIZE);
  member.writeUInt32LE(size, member.length - 4);
  giveBack(deflated);
  return new Uint8Array(block.buffer, 0, member.length);
}

// What is even and repeats itself is found by trying.
function isCompressed(block: Block): boolean {
  return isSpreadEvenly(block) && deflate(block.subarray(0, TRIED), LEVEL).length > TRIED * 0.875;
}

const TRIED = 64 * 1024;

// Part of what makes the digest as well; the lowest comes to the size of other tools' layers.
const LEVEL = 1;

// Deflate; no flags, no time; the fastest level; no operating system is named.
const HEADER = Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 4, 255);

// CRC-32 and length of what was compressed.
const TRAILER_SIZE = 8;
