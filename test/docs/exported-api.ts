import { resolve } from 'node:path';
import type { Node } from 'typescript/unstable/ast';
import { API, type Checker, type Project, type Symbol as TsSymbol } from 'typescript/unstable/sync';
import { ROOT } from './snippets';

const [INDEX, CONFIG] = [resolve(ROOT, 'lib/index.ts'), resolve(ROOT, 'tsconfig.json')];

/** What is said of a name in its JSDoc. */
interface Documented {
  readonly name: string;
  /** On one line. */
  readonly doc: string;
  /** Texts of tags such as `@default`, by the tag's name. */
  readonly tags: readonly { readonly name: string; readonly text?: string | undefined }[];
}

/** A prop, an attribute or a method. */
export interface Member extends Documented {
  /** Of a method with its parameters and what it gives, else the type alone; on one line. */
  readonly type: string;
  readonly isMethod: boolean;
  readonly isOptional: boolean;
}

/** A class, an interface or another type. */
export interface ExportedType extends Documented {
  readonly kind: 'class' | 'interface' | 'type';
  /** What it is another name for. */
  readonly alias?: string;
  /** Those that are declared here; inherited ones of others are not among them. In the order of the sources. */
  readonly members: readonly Member[];
}

/** All that lib/index.ts exports, as the compiler sees it. */
export function exportedTypes(): ExportedType[] {
  const api = new API({ cwd: ROOT });
  try {
    const project = api.updateSnapshot({ openProjects: [CONFIG] }).getProject(CONFIG);
    const index = project?.program.getSourceFile(INDEX);
    const module = index && project?.checker.getSymbolAtLocation(index);
    if (!project || !module) throw new Error(`the compiler does not find ${INDEX}`);
    const { checker } = project;
    return checker.getExportsOfModule(module).map((one) => exportedType(checker.getAliasedSymbol(one), project));
  } finally {
    api.close();
  }
}

function exportedType(symbol: TsSymbol, project: Project): ExportedType {
  const [, , kind, alias] =
    /^export (abstract )?(class|interface|type) \w+(?: = (.+?);?$)?/s.exec(declared(symbol, project)) ?? [];
  const documented = documentedOf(symbol, project.checker);
  if (kind === 'type') return { ...documented, kind, alias: oneLine(alias ?? ''), members: [] };
  if (kind !== 'class' && kind !== 'interface') throw new Error(`${symbol.name} is neither a class nor a type`);
  return { ...documented, kind, members: membersOf(symbol, project) };
}

function membersOf(symbol: TsSymbol, project: Project): Member[] {
  const { checker } = project;
  const found = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).map((one) => {
    const node = one.declarations[0]?.resolve(project);
    return { one, node, path: String(one.declarations[0]?.path) };
  });
  const own = String(symbol.declarations[0]?.path);
  return found
    .filter(({ path }) => path.startsWith(resolve(ROOT, 'lib')))
    .filter(({ node }) => !/^(private|protected|override)\b/.test(node?.getText() ?? ''))
    .sort((a, b) => Number(b.path === own) - Number(a.path === own) || (a.node?.pos ?? 0) - (b.node?.pos ?? 0))
    .map(({ one, node }) => memberOf(one, node, checker));
}

function memberOf(symbol: TsSymbol, node: Node | undefined, checker: Checker): Member {
  const { body } = (node ?? {}) as { body?: Node };
  const text = node?.getText() ?? '';
  const head = oneLine(body ? text.slice(0, text.length - body.getText().length) : text).replace(/;$/, '');
  const [, optional, type = ''] = /^(?:abstract |readonly |get )*\w+(\??)(?:\(\))?: (.+)$/.exec(head) ?? [];
  const isMethod = type === '' || (/\(/.test(head) && !head.startsWith('get '));
  return {
    ...documentedOf(symbol, checker),
    type: isMethod ? head : type,
    isMethod,
    isOptional: optional === '?',
  };
}

function documentedOf(symbol: TsSymbol, checker: Checker): Documented {
  const doc = oneLine(checker.getDocumentationCommentOfSymbol(symbol));
  if (doc === '') throw new Error(`${symbol.name} is exported and has no JSDoc`);
  const tags = checker.getJsDocTagsOfSymbol(symbol);
  return { name: symbol.name, doc, tags: tags.map(({ name, text }) => ({ name, text: text && oneLine(text) })) };
}

function declared(symbol: TsSymbol, project: Project): string {
  return symbol.declarations[0]?.resolve(project)?.getText() ?? '';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
