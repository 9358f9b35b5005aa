import { KeyInvalid } from '../contract/errors';

/** What the key of a tarball says. */
export interface KeyParts {
  /** All but the last segment, as they stand: `team-a/app`; '' at the top of the bucket. */
  readonly folder: string;
  /** The last segment without its extension: `1.4.2`. */
  readonly stem: string;
}

const EXTENSION = /(?:\.oci)?\.(?:tar(?:\.(?:gz|zstd?|xz|bz2))?|tgz|tzst|txz|tbz2?)$|\.oci$/i;
const REMEDY = 'Upload the tarball under a key such as "team-a/app/1.4.2.tar".';

/** Splits a key, which is taken as it stands. KeyInvalid for folder markers and for empty, "." and ".." segments. */
export function splitKey(key: string): KeyParts {
  if (key.endsWith('/')) throw invalid('the key is that of a folder', key, 'the key of a tarball');
  const segments = key.split('/');
  if (segments.includes('')) throw invalid('the key has an empty segment', key, 'segments with one "/" between them');
  if (segments.includes('..') || segments.includes('.')) {
    throw invalid('the key has a "." or ".." segment', key, 'names only: keys are no paths, and are never normalised');
  }
  const last = segments.at(-1) ?? '';
  const stem = last.replace(EXTENSION, '');
  if (stem === '') throw invalid('the key has nothing before its extension', key, 'a tag there');
  return { folder: segments.slice(0, -1).join('/'), stem };
}

function invalid(what: string, key: string, expected: string): KeyInvalid {
  return new KeyInvalid({ found: `${what}: "${key}"`, expected, remedy: REMEDY });
}
