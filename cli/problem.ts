import type { SlipwayError } from '../lambda/contract/errors';
import { splitMessage } from '../lambda/contract/finding';

/** What is wrong, in the form of the runbook. */
export interface Problem {
  /** Error name, and section of the runbook. */
  readonly code: string;
  /** What it is about: a tarball, an image, a repository. */
  readonly subject: string;
  readonly cause: string;
  readonly entry?: string;
  /** Byte in the tarball. */
  readonly offset?: number;
  readonly expected?: string;
  readonly remedy: string;
}

/** The problem that an error of Slipway tells of. */
export function problemOf(subject: string, { name, finding }: SlipwayError): Problem {
  const { found, entry, offset, expected, remedy } = finding;
  return {
    code: name,
    subject,
    cause: found,
    ...(entry === undefined ? {} : { entry }),
    ...(offset === undefined ? {} : { offset }),
    ...(expected === undefined ? {} : { expected }),
    remedy,
  };
}

/** The problem that a code and a message tell of, as they stand in the documents of a push. */
export function problemIn(subject: string, code: string, message: string): Problem {
  const { found, remedy = `Read docs/runbook.md, under ${code}.` } = splitMessage(message);
  return { code, subject, cause: found, remedy };
}

/** Lines for people: code, what, where, expected, remedy. */
export function problemLines({ code, subject, cause, entry, offset, expected, remedy }: Problem): string[] {
  const where = [
    ...(entry === undefined ? [] : [`entry "${entry}"`]),
    ...(offset === undefined ? [] : [`offset ${offset}`]),
  ];
  return [
    `failed   ${code}: ${subject}`,
    `cause    ${cause}`,
    ...(where.length === 0 ? [] : [`where    ${where.join(' at ')}`]),
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    `remedy   ${remedy}`,
    `see      docs/runbook.md, under ${code}`,
  ];
}
