import { isObject, type Json } from '../json';
import type { StatesFields } from './expression-rules';
import { invalidAt } from './invalid-definition';
import { compileTemplate, isExpression, type Template, type TemplateSite } from './template';

/** Reads the fields of one object of a definition, each as the type it must have. */
export class DefinitionReader {
  readonly #fields: Record<string, Json>;

  constructor(
    value: unknown,
    readonly path: string,
  ) {
    if (!isObject(value)) throw invalidAt(path, 'Expected a JSON object');
    this.#fields = value as Record<string, Json>;
  }

  /** InvalidDefinition unless every field is one of these. */
  only(allowed: readonly string[]): void {
    for (const name of Object.keys(this.#fields)) {
      if (!allowed.includes(name)) throw invalidAt(`${this.path}/${name}`, `Field '${name}' is not supported`);
    }
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  value(name: string): Json | undefined {
    return this.#fields[name];
  }

  text(name: string): string | undefined {
    const value = this.#fields[name];
    if (value !== undefined && typeof value !== 'string')
      throw invalidAt(this.at(name), 'Expected value of type String');
    return value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw invalidAt(this.path, `These fields are required: [${name}]`);
    return value;
  }

  list(name: string): Json[] {
    const value = this.#fields[name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw invalidAt(this.at(name), 'Expected value of type Array');
    return value;
  }

  /** A literal number in a range, or undefined. */
  number(name: string, range: NumberRange): number | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    return checkNumber(value, range, this.at(name));
  }

  /** Any JSON with expressions in it. */
  template(name: string, reads: StatesFields, field = name): Template | undefined {
    const value = this.#fields[name];
    return value === undefined ? undefined : compileTemplate(value, this.site(name, field, reads));
  }

  /** A literal number in a range, or an expression that is to give one. */
  numberTemplate(name: string, range: NumberRange): Template | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') checkNumber(value, range, this.at(name));
    return this.literalOrExpression(name, value);
  }

  /** A literal string, or an expression that is to give one. */
  textTemplate(name: string): Template | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : compileTemplate(value, this.site(name, name, INPUT_ONLY));
  }

  at(name: string): string {
    return `${this.path}/${name}`;
  }

  private literalOrExpression(name: string, value: Json): Template {
    if (typeof value === 'string' && !isExpression(value)) {
      throw invalidAt(this.at(name), 'Expected a number or a JSONata expression');
    }
    return compileTemplate(value, this.site(name, name, INPUT_ONLY));
  }

  private site(name: string, field: string, reads: StatesFields): TemplateSite {
    return { path: this.at(name), field, reads };
  }
}

/** Bounds, both inclusive; `integer` refuses fractions. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

/** `$states` of a field that is evaluated before the state's work. */
export const INPUT_ONLY: StatesFields = { result: false, errorOutput: false };
/** `$states` of a field that is evaluated after the state's work. */
export const WITH_RESULT: StatesFields = { result: true, errorOutput: false };
/** `$states` of a field of a Catch. */
export const WITH_ERROR: StatesFields = { result: false, errorOutput: true };

function checkNumber(value: Json, range: NumberRange, path: string): number {
  const { min, max, integer } = range;
  if (typeof value !== 'number' || value < min || value > max || (integer && !Number.isInteger(value))) {
    throw invalidAt(path, `Expected ${integer ? 'an integer' : 'a number'} from ${min} to ${max}`);
  }
  return value;
}
