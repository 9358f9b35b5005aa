/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** One statement of a policy, in words. */
export interface Described {
  readonly sid?: string | undefined;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a policy document. */
export function describedStatements(document: unknown): Described[] {
  const { Statement: statements = [] } = (document ?? {}) as { Statement?: Statement[] };
  return statements.map(({ Sid, Effect, Action, Resource, Condition = {} }) => ({
    sid: Sid,
    effect: Effect,
    actions: [Action].flat(),
    resources: [Resource ?? []].flat().map(text),
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => `${key} ${operator} ${[value].flat().map(text).join(' or ')}`),
    ),
  }));
}

/** Ids of the resources that a property refers to. */
export function referredTo(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(/"(?:Ref|Fn::GetAtt)":(?:\["|")(\w+)"/g)].map(([, id = '']) => id);
}

/** What a resource is called by who made it: without the construct's name and the hash behind. */
export function nameOf(id: string): string {
  return id.replace(/^Slipway/, '').replace(/[0-9A-F]{8}$/, '');
}

/** A value with references in angle brackets. */
function text(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (Ref !== undefined) return `<${PSEUDO[String(Ref)] ?? nameOf(String(Ref))}>`;
  if (Array.isArray(attribute)) return `<${nameOf(String(attribute[0]))}>`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(text).join(String(join[0]));
  return JSON.stringify(value);
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': 'account',
  'AWS::Partition': 'partition',
  'AWS::Region': 'region',
};
