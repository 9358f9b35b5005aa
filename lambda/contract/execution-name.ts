const LONGEST_NAME = 80;
const LONGEST_VERSION = 40;

/**
 * Name of the execution that pushes one version of one dropped object: the same event delivered twice starts one push.
 * Legible, and within what Step Functions takes: 1 to 80 of `A-Z a-z 0-9 - _`.
 */
export function executionName(key: string, version: string): string {
  const suffix = legal(version).slice(-LONGEST_VERSION);
  return `${legal(key).slice(-(LONGEST_NAME - suffix.length - 1))}-${suffix}`;
}

function legal(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_');
}
