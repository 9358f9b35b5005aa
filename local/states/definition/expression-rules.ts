import { invalidAt } from './invalid-definition';

/** What of `$states` a field may read: `result` where one exists, `errorOutput` in a Catch alone. */
export interface StatesFields {
  readonly result: boolean;
  readonly errorOutput: boolean;
}

/** A node of the library's syntax tree, of which its own types name only a part. */
export interface SyntaxNode {
  readonly type: string;
  readonly value?: unknown;
  readonly [part: string]: unknown;
}

const REFUSED_FUNCTIONS = ['eval'];

/**
 * Refuses what Step Functions refuses of JSONata: `$` and `$$`, unqualified names at the top level, `$eval`, assigning
 * to `$states`, and parts of `$states` that the field does not have.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function checkExpression(ast: SyntaxNode, site: { readonly path: string; readonly reads: StatesFields }): void {
  checkTopLevel(ast, site.path);
  visit(ast, (node) => {
    checkNames(node, site.path);
    checkStates(node, site);
  });
}

function checkTopLevel(node: SyntaxNode, path: string): void {
  if (node.type === 'path') {
    const first = nodesIn(node.steps)[0];
    if (first !== undefined) checkTopLevel(first, path);
    return;
  }
  if (node.type === 'name')
    throw invalidAt(path, `Unqualified field name '${String(node.value)}' is not supported at the top level`);
  if (node.type === 'variable' && (node.value === '' || node.value === '$')) {
    throw invalidAt(path, `'$${String(node.value)}' is not supported at the top level of an expression`);
  }
  for (const child of topLevelChildren(node)) checkTopLevel(child, path);
}

// Predicates and later steps of a path have a context of their own, so names in them are qualified.
function topLevelChildren(node: SyntaxNode): SyntaxNode[] {
  if (node.type === 'bind') return nodesIn(node.rhs);
  if (node.type === 'lambda') return nodesIn(node.body);
  const { lhs, arguments: values, expression, expressions, procedure, condition, then, else: otherwise } = node;
  // The right side of `a ~> b` gets a's value; that of an operator stands at the top level like the left one.
  const rhs = node.type === 'binary' ? node.rhs : undefined;
  return nodesIn([lhs, rhs, values, expression, expressions, procedure, condition, then, otherwise]);
}

function checkNames(node: SyntaxNode, path: string): void {
  if (node.type === 'variable' && REFUSED_FUNCTIONS.includes(String(node.value))) {
    throw invalidAt(path, `Function $${String(node.value)} is not supported`);
  }
  const target = node.type === 'bind' ? nodesIn(node.lhs)[0] : undefined;
  if (target?.value === 'states') throw invalidAt(path, "Variable '$states' is reserved");
}

function checkStates(node: SyntaxNode, site: { readonly path: string; readonly reads: StatesFields }): void {
  const [first, second] = nodesIn(node.steps);
  if (first?.type !== 'variable' || first.value !== 'states' || second?.type !== 'name') return;
  const name = String(second.value);
  const readable =
    name === 'input' ||
    name === 'context' ||
    (name === 'result' && site.reads.result) ||
    (name === 'errorOutput' && site.reads.errorOutput);
  if (!readable) throw invalidAt(site.path, `Field '$states.${name}' is not available here`);
}

function visit(node: SyntaxNode, look: (node: SyntaxNode) => void): void {
  look(node);
  for (const child of nodesIn(Object.values(node))) visit(child, look);
}

function nodesIn(value: unknown): SyntaxNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (typeof value !== 'object' || value === null) return [];
  return 'type' in value && typeof value.type === 'string' ? [value as SyntaxNode] : nodesIn(Object.values(value));
}
