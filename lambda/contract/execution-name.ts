import { createHash } from 'node:crypto';
import { hashedPart, nameOf } from './execution-name-parts';

/**
 * Name of the execution that pushes one version of one dropped object: the same event delivered twice starts one push.
 * The end of the key, for people, and a hash that tells apart what reads alike; within what Step Functions takes: 1 to
 * 80 of `A-Z a-z 0-9 - _`.
 */
export function executionName(key: string, version: string): string {
  return nameOf(key, createHash('sha256').update(hashedPart(key, version)).digest('hex'));
}
