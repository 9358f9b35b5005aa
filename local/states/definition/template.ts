import jsonata from 'jsonata';
import type { Json, JsonObject } from '../json';
import { checkExpression, type StatesFields, type SyntaxNode } from './expression-rules';
import { invalidAt } from './invalid-definition';

/** A field's value with its `{% … %}` strings compiled; `field` is the place that messages name, such as Output/total. */
export type Template =
  | { readonly kind: 'literal'; readonly value: Json }
  | {
      readonly kind: 'expression';
      readonly source: string;
      readonly field: string;
      readonly compiled: jsonata.Expression;
    }
  | { readonly kind: 'array'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Template])[] };

/** Where a value stands: `path` in the definition, `field` in its state, and what of `$states` it may read. */
export interface TemplateSite {
  readonly path: string;
  readonly field: string;
  readonly reads: StatesFields;
}

/** Compiles a value once for all evaluations; InvalidDefinition where an expression does not parse or may not be used. */
export function compileTemplate(value: Json, site: TemplateSite): Template {
  if (typeof value === 'string') return compileText(value, site);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileTemplate(item, inside(site, String(index))));
    return items.every(isLiteral) ? { kind: 'literal', value } : { kind: 'array', items };
  }
  if (value !== null && typeof value === 'object') return compileObject(value, site);
  return { kind: 'literal', value };
}

/** True for a string that is one expression: it begins with `{%` and ends with `%}`, with nothing around. */
export function isExpression(text: string): boolean {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4;
}

function compileText(text: string, site: TemplateSite): Template {
  if (!isExpression(text)) {
    if (text.startsWith('{%') || text.endsWith('%}'))
      throw invalidAt(site.path, 'The JSONata expression is not enclosed in {% and %}');
    return { kind: 'literal', value: text };
  }
  const source = text.slice(2, -2).trim();
  if (source === '') throw invalidAt(site.path, 'The JSONata expression is empty');
  const compiled = parse(source, site);
  checkExpression(compiled.ast() as unknown as SyntaxNode, site);
  return { kind: 'expression', source, field: site.field, compiled };
}

function parse(source: string, site: TemplateSite): jsonata.Expression {
  try {
    return jsonata(source);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    throw invalidAt(site.path, `The JSONata expression '${source}' does not parse: ${code ?? ''}: ${message ?? ''}`);
  }
}

function compileObject(value: JsonObject, site: TemplateSite): Template {
  const fields = Object.entries(value).map(([name, field]) => {
    return [name, compileTemplate(field, inside(site, name))] as const;
  });
  return fields.every(([, field]) => isLiteral(field)) ? { kind: 'literal', value } : { kind: 'object', fields };
}

function inside(site: TemplateSite, name: string): TemplateSite {
  return { ...site, path: `${site.path}/${name}`, field: `${site.field}/${name}` };
}

function isLiteral(template: Template): boolean {
  return template.kind === 'literal';
}
