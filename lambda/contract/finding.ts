/** What was found, where, what was expected, and what a person can do about it. */
export interface Finding {
  /** What was found, as a clause: "the entry is 3 bytes long". */
  readonly found: string;
  /** Tar entry the finding is about. */
  readonly entry?: string;
  /** Absolute byte offset in the tarball. */
  readonly offset?: number;
  /** What would have been right, as a noun phrase. */
  readonly expected?: string;
  /** One sentence a person can follow. */
  readonly remedy: string;
  /** Facts by name, for DiagnoseFailure: what was denied, where the network ended. */
  readonly evidence?: Evidence;
}

/** Facts by name. */
export type Evidence = Readonly<Record<string, string>>;

const REMEDY = ' Remedy: ';
// On a line of its own: JSON has no line break in it, so nothing quoted can be taken for it.
const EVIDENCE = '\nEvidence: ';

/** The message of an error, for people and for {@link splitMessage}. */
export function describe({ found, entry, offset, expected, remedy, evidence = {} }: Finding): string {
  const place = [
    entry === undefined ? '' : ` in entry "${clipped(entry, 1_000)}"`,
    offset === undefined ? '' : ` at offset ${offset}`,
    expected === undefined ? '' : `; expected ${clipped(expected, 2_000)}`,
  ].join('');
  const facts = Object.entries(evidence).map(([name, value]) => [name, clipped(value, 400)]);
  const told = facts.length === 0 ? '' : `${EVIDENCE}${JSON.stringify(Object.fromEntries(facts))}`;
  return `${clipped(found, 6_000)}${place}.${REMEDY}${clipped(remedy, 2_000)}${told}`;
}

/** Splits a message made by {@link describe} into its parts; foreign text has no `remedy`. */
export function splitMessage(message: string): { found: string; remedy?: string; evidence: Evidence } {
  const { text, evidence } = splitEvidence(message);
  const at = text.lastIndexOf(REMEDY);
  if (at < 0) return { found: text, evidence };
  return { found: text.slice(0, at), remedy: text.slice(at + REMEDY.length), evidence };
}

function splitEvidence(message: string): { text: string; evidence: Evidence } {
  const at = message.lastIndexOf(`${EVIDENCE}{`);
  try {
    if (at >= 0) return { text: message.slice(0, at), evidence: JSON.parse(message.slice(at + EVIDENCE.length)) };
  } catch {
    // Words of somebody else that look like ours.
  }
  return { text: message, evidence: {} };
}

// Step Functions keeps 32,768 characters of a cause, and Lambda puts the message into it twice: as such, and in the stack.
function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
