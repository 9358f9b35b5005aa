import type jsonata from 'jsonata';
import type { Template } from '../definition/template';
import { type Json, type JsonObject, typeName } from '../json';

/** An expression that gave no JSON value, or not the one its field needs; `field` is the place, such as Output/total. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';

  constructor(
    readonly field: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The value of a template: its own JSON with each expression replaced by what it gives. EvaluationError. */
export async function evaluate(template: Template, bindings: Record<string, unknown>): Promise<Json> {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return evaluateExpression(template, bindings);
    case 'array': {
      const items: Json[] = [];
      for (const item of template.items) items.push(await evaluate(item, bindings));
      return items;
    }
    case 'object': {
      const fields: [string, Json][] = [];
      for (const [name, field] of template.fields) fields.push([name, await evaluate(field, bindings)]);
      return Object.fromEntries(fields) as JsonObject;
    }
  }
}

/** What a value must be; `accepts` may refuse a value of the right type, and `expected` then tells what is right. */
export interface Expectation<T extends Json> {
  readonly type: 'array' | 'boolean' | 'number' | 'string';
  readonly accepts?: (value: T) => boolean;
  readonly expected?: string;
}

/** The value of a template that must have a type; EvaluationError names the type that was found instead. */
export async function evaluateAs<T extends Json>(
  template: Template,
  bindings: Record<string, unknown>,
  expectation: Expectation<T>,
): Promise<T> {
  const value = await evaluate(template, bindings);
  const [source, field] = template.kind === 'expression' ? [template.source, template.field] : ['', ''];
  if (typeName(value) !== expectation.type) {
    const found = `Expected '${expectation.type}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
    throw new EvaluationError(
      field,
      `The JSONata expression '${source}' specified for the field '${field}' returned an unexpected result type. ${found}`,
    );
  }
  if (expectation.accepts?.(value as T) === false) {
    const found = `${JSON.stringify(value)}, but expected ${expectation.expected ?? expectation.type}`;
    throw new EvaluationError(
      field,
      `The JSONata expression '${source}' specified for the field '${field}' returned ${found}`,
    );
  }
  return value as T;
}

type ExpressionTemplate = Extract<Template, { kind: 'expression' }>;

async function evaluateExpression(template: ExpressionTemplate, bindings: Record<string, unknown>): Promise<Json> {
  const { compiled, source, field } = template;
  const place = `The JSONata expression '${source}' specified for the field '${field}'`;
  const result = await run(compiled, bindings).catch((error: unknown) => {
    throw new EvaluationError(field, `${place} threw an error during evaluation. ${describe(error)}`, { cause: error });
  });
  if (result === undefined) throw new EvaluationError(field, `${place} returned nothing (undefined).`);
  if (isFunction(result)) throw new EvaluationError(field, `${place} returned an unsupported result type.`);
  // Results may be JSONata's own sequences, or share parts with variables: only their JSON goes on.
  return JSON.parse(JSON.stringify(result)) as Json;
}

async function run(compiled: jsonata.Expression, bindings: Record<string, unknown>): Promise<unknown> {
  return compiled.evaluate(undefined, bindings);
}

// The library throws plain objects with a code.
function describe(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code === undefined ? (message ?? String(error)) : `${code}: ${message ?? ''}`;
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value);
}
