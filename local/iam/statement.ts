import { assertKnown } from './conditions';

/** A policy as templates and people write it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[];
}

/** One statement of an identity policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A statement with its lists spelled out. */
export interface Rule {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

/** One line of a Condition block. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

const ELEMENTS = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition']);

/** Reads the statements of a document; throws for elements that this policy check would pass over. */
export function rulesOf({ Statement: statements }: PolicyDocument): Rule[] {
  return listOf(statements).map(ruleOf);
}

/** Reads one statement. */
export function ruleOf(statement: Statement): Rule {
  const unknown = Object.keys(statement).filter((element) => !ELEMENTS.has(element));
  const { Effect, Action, Resource, Condition = {} } = statement;
  if (unknown.length > 0 || !/^(Allow|Deny)$/.test(Effect) || Action === undefined || Resource === undefined) {
    throw new Error(`the local AWS cannot judge this policy statement: ${JSON.stringify(statement)}`);
  }
  const conditions = Object.entries(Condition).flatMap(([operator, lines]) =>
    Object.entries(lines).map(([key, values]) => ({ operator, key, values: listOf(values) })),
  );
  for (const condition of conditions) assertKnown(condition);
  return { allows: Effect === 'Allow', actions: listOf(Action), resources: listOf(Resource), conditions };
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
