import { EcrError, invalidParameter } from './errors';

/** The members of one request, as parsed from JSON; blobs are already buffers. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a string must be: lengths in UTF-16 units, pattern for the whole string, printed in the message. */
export interface TextRule {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

/** Inclusive bounds of a number or of a list's length. */
export interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/** A string that must be there. */
export function text(input: Fields, field: string, rule: TextRule = {}): string {
  return required(field, optionalText(input, field, rule));
}

/** A string that may be left out. */
export function optionalText(input: Fields, field: string, rule: TextRule = {}): string | undefined {
  const value = present(input, field);
  if (value === undefined) return undefined;
  return checkText(field, value, rule);
}

/** A list of strings that must be there. */
export function texts(input: Fields, field: string, length: Bounds, rule: TextRule = {}): string[] {
  return required(field, optionalTexts(input, field, length, rule));
}

/** A list of strings that may be left out. */
export function optionalTexts(input: Fields, field: string, length: Bounds, rule: TextRule = {}): string[] | undefined {
  return optionalList(input, field, length)?.map((value) => checkText(field, value, rule));
}

/** A list of structures that must be there. */
export function structures(input: Fields, field: string, length: Bounds): Fields[] {
  return required(field, optionalStructures(input, field, length));
}

/** A list of structures that may be left out. */
export function optionalStructures(input: Fields, field: string, length: Bounds): Fields[] | undefined {
  return optionalList(input, field, length)?.map((value) => checkStructure(field, value));
}

/** A structure that may be left out. */
export function optionalStructure(input: Fields, field: string): Fields | undefined {
  const value = present(input, field);
  return value === undefined ? undefined : checkStructure(field, value);
}

/** A whole number that must be there. */
export function whole(input: Fields, field: string, bounds: Bounds): number {
  return required(field, optionalWhole(input, field, bounds));
}

/** A whole number that may be left out. */
export function optionalWhole(input: Fields, field: string, bounds: Bounds): number | undefined {
  const value = present(input, field);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(field, 'a whole number');
  const { min, max = Number.MAX_SAFE_INTEGER } = bounds;
  if (value < min) throw invalidParameter(field, `Member must have value greater than or equal to ${min}`);
  if (value > max) throw invalidParameter(field, `Member must have value less than or equal to ${max}`);
  return value;
}

/** A boolean; false where it is left out. */
export function flag(input: Fields, field: string): boolean {
  const value = present(input, field) ?? false;
  if (typeof value !== 'boolean') throw wrongType(field, 'true or false');
  return value;
}

/** One of a set of words, or left out. */
export function optionalChoice<T extends string>(input: Fields, field: string, choices: readonly T[]): T | undefined {
  const value = optionalText(input, field);
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined)
    throw invalidParameter(field, `Member must satisfy enum value set: [${choices.join(', ')}]`);
  return choice;
}

/** Bytes that must be there. */
export function blob(input: Fields, field: string, maxBytes: number): Buffer {
  const value = required(field, present(input, field));
  if (!Buffer.isBuffer(value)) throw wrongType(field, 'a blob');
  if (value.length > maxBytes) throw invalidParameter(field, `must have length less than or equal to ${maxBytes}`);
  return value;
}

/** A member of the wrong JSON type: refused before any rule is looked at. */
export function wrongType(field: string, expected: string): EcrError {
  return new EcrError('SerializationException', `The value at '${field}' is not ${expected}`);
}

/** Tells whether a value is a JSON object. */
export function isStructure(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** Tells whether the whole text matches a pattern. */
export function matches(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(value);
}

function present(input: Fields, field: string): unknown {
  return Object.hasOwn(input, field) ? (input[field] ?? undefined) : undefined;
}

function required<T>(field: string, value: T | undefined): T {
  if (value === undefined) throw invalidParameter(field, 'must not be null');
  return value;
}

function optionalList(input: Fields, field: string, length: Bounds): unknown[] | undefined {
  const value = present(input, field);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw wrongType(field, 'a list');
  checkLength(field, value.length, length);
  return value;
}

function checkStructure(field: string, value: unknown): Fields {
  if (!isStructure(value)) throw wrongType(field, 'a structure');
  return value;
}

function checkText(field: string, value: unknown, rule: TextRule): string {
  if (typeof value !== 'string') throw wrongType(field, 'a string');
  checkLength(field, value.length, rule);
  if (rule.pattern !== undefined && !matches(rule.pattern, value)) {
    throw invalidParameter(field, `must satisfy regular expression '${rule.pattern}'`);
  }
  return value;
}

function checkLength(field: string, length: number, { min = 0, max = Number.MAX_SAFE_INTEGER }: Partial<Bounds>): void {
  if (length < min) throw invalidParameter(field, `must have length greater than or equal to ${min}`);
  if (length > max) throw invalidParameter(field, `must have length less than or equal to ${max}`);
}
