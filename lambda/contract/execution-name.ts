import { createHash } from 'node:crypto';

const LONGEST_NAME = 80;
const HASH_DIGITS = 24;

/**
 * Name of the execution that pushes one version of one dropped object: the same event delivered twice starts one push.
 * The end of the key, for people, and a hash that tells apart what reads alike; within what Step Functions takes: 1 to
 * 80 of `A-Z a-z 0-9 - _`.
 */
export function executionName(key: string, version: string): string {
  const hash = createHash('sha256').update(`${key}\0${version}`, 'utf16le').digest('hex').slice(0, HASH_DIGITS);
  const legible = key.replace(/[^A-Za-z0-9_-]/g, '_').slice(-(LONGEST_NAME - HASH_DIGITS - 1));
  return `${legible}-${hash}`;
}
