import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { CommandError } from './command-error';
import { destinationParts } from './drop/drop-tarball';
import { STANDARD_INPUT } from './tarball/open-tarball';

/** What `slipway push` was asked for. */
export interface PushOrder {
  /** Files, objects in S3, or `-`: at least one. */
  readonly tarballs: readonly string[];
  /** Where the one tarball goes; where absent the names inside count. */
  readonly destination?: string;
}

/**
 * Tells tarballs from a destination, which is the second of two arguments where it is no tarball, and expands globs that
 * a shell did not. CommandError for globs that match nothing, and for a destination of several tarballs.
 */
export async function pushOrder(args: readonly string[], to?: string): Promise<PushOrder> {
  const [, last] = args;
  const isShort = to === undefined && args.length === 2 && last !== undefined && !isTarball(last);
  const destination = isShort ? last : to;
  const tarballs = (await Promise.all((isShort ? args.slice(0, 1) : args).map(expanded))).flat();
  if (destination === undefined) return { tarballs };
  destinationParts(destination);
  if (tarballs.length === 1) return { tarballs, destination };
  throw new CommandError(
    `${tarballs.length} tarballs cannot go to ${destination} together`,
    'Push them one by one, or leave out the destination: then the names inside the tarballs count.',
  );
}

function isTarball(argument: string): boolean {
  if (argument === STANDARD_INPUT || argument.startsWith('s3://') || existsSync(argument)) return true;
  return isGlob(argument) || /\.(tar|tgz|tzst|oci)(\.\w+)?$/.test(argument);
}

function isGlob(argument: string): boolean {
  return /[*?[\]{}]/.test(argument);
}

async function expanded(argument: string): Promise<string[]> {
  if (!isGlob(argument) || argument.startsWith('s3://') || existsSync(argument)) return [argument];
  const found: string[] = [];
  for await (const path of glob(argument)) found.push(path);
  found.sort();
  if (found.length > 0) return found;
  throw new CommandError(`No file matches ${argument}`, 'Correct the pattern, or name the tarballs.');
}
