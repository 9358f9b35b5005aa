/** The first Node with zstd in it: https://nodejs.org/docs/latest-v22.x/api/zlib.html#class-zlibzstddecompress */
const NEEDED = [22, 15] as const;

/**
 * What to tell who runs an older Node than package.json allows; undefined where it is new enough.
 * @param version such as `20.20.2`
 */
export function oldNodeWarning(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor, neededMinor] = NEEDED;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `slipway: Node ${version} has no zstd: tarballs and layers that are compressed with it cannot be read. Take Node ${NEEDED.join('.')} or newer.\n`;
}
