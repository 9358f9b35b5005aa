import { ManifestInvalid, Unsupported } from '../contract/errors';
import { digestKind } from './digest';

const REMEDY = 'Save the image again with a current version of the tool that wrote it, and drop that tarball.';

/** One value of a JSON document that knows where it stands; a value of another shape is ManifestInvalid. */
export class JsonNode {
  /** `path`: where in the document, as `layers[2].digest`; '' is the document itself. */
  constructor(
    readonly value: unknown,
    readonly entry: string,
    readonly path: string = '',
  ) {}

  /** Whether the value is missing or null: writers use the two alike. */
  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** A field of this object; absent where the object has none of that name. */
  field(name: string): JsonNode {
    const value = this.#object();
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return new JsonNode(Object.hasOwn(value, name) ? value[name] : undefined, this.entry, path);
  }

  /** The names of this object's fields. */
  fieldNames(): string[] {
    return Object.keys(this.#object());
  }

  /** The items of this array. */
  items(): JsonNode[] {
    if (!Array.isArray(this.value)) throw this.#unlike('an array');
    return this.value.map((item, at) => new JsonNode(item, this.entry, `${this.path}[${at}]`));
  }

  /** The items of this array; none where it is absent. */
  itemsOrNone(): JsonNode[] {
    return this.isAbsent ? [] : this.items();
  }

  /** This string. */
  text(): string {
    if (typeof this.value !== 'string') throw this.#unlike('a string');
    return this.value;
  }

  /** This string; `undefined` where it is absent or empty. */
  textOrNone(): string | undefined {
    return this.isAbsent || this.value === '' ? undefined : this.text();
  }

  /** This whole number of bytes. */
  size(): number {
    if (Number.isSafeInteger(this.value) && Number(this.value) >= 0) return Number(this.value);
    throw this.#unlike('a whole number of bytes');
  }

  /** This sha256 digest; Unsupported where it is one of another algorithm. */
  digest(): string {
    const text = this.text();
    const kind = digestKind(text);
    if (kind === 'sha256') return text;
    const expected = '"sha256:" and 64 lower-case hexadecimal digits';
    if (kind === 'malformed') throw this.invalid(`${this.path} is "${text.slice(0, 200)}"`, expected);
    const found = `${this.path} is the digest "${text.slice(0, 200)}", of an algorithm that ECR does not take`;
    const remedy = 'Write the image with sha256 digests.';
    throw new Unsupported({ found, entry: this.entry, expected, remedy });
  }

  /** Values of this object's fields that are strings; none where it is absent. */
  texts(): ReadonlyMap<string, string> {
    if (this.isAbsent) return new Map();
    const fields = Object.entries(this.#object());
    return new Map(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
  }

  /** A ManifestInvalid about this document. */
  invalid(found: string, expected: string): ManifestInvalid {
    return new ManifestInvalid({ found, entry: this.entry, expected, remedy: REMEDY });
  }

  #object(): Record<string, unknown> {
    if (typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)) {
      return this.value as Record<string, unknown>;
    }
    throw this.#unlike('an object');
  }

  #unlike(expected: string): ManifestInvalid {
    const found = this.value === undefined ? 'missing' : `a JSON ${jsonType(this.value)}`;
    return this.invalid(`${this.path || 'the document'} is ${found}`, expected);
  }
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
