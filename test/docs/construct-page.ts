import { type ExportedType, exportedTypes, type Member } from './exported-api';

/** docs/construct.md: what the package exports, in the words of its JSDoc. Throws where there are none. */
export function constructPage(): string {
  const all = exportedTypes();
  const left = all.filter(({ name }) => !ORDER.includes(name)).map(({ name }) => name);
  if (left.length > 0) throw new Error(`${left.join(', ')}: exported, and not among the sections of the page`);
  const sections = ORDER.map((name) => all.find((one) => one.name === name)).map((one, at) => {
    if (!one) throw new Error(`${ORDER[at]} is not exported`);
    return sectionOf(one);
  });
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

const ORDER = [
  ...['Slipway', 'SlipwayProps', 'Drop', 'CreateRepositories', 'PushApi'],
  ...['SlipwayStack', 'SlipwayStackProps', 'PropsInvalid'],
];

const HEAD = `# The construct

Written by \`npm run docs\` from the JSDoc of what \`ecr-slipway\` exports. Types without a section here are those of \`aws-cdk-lib\`, or constructs that a Slipway is made of. How to [deploy](deploy.md) it, [who may push where](destinations.md), [what it is allowed to do](security.md).`;

function sectionOf({ name, kind, doc, alias, members }: ExportedType): string {
  const methods = members.filter(({ isMethod }) => isMethod);
  const others = members.filter(({ isMethod }) => !isMethod);
  return [
    `## ${name}`,
    linked(doc),
    ...(alias === undefined ? [] : [typed(alias)]),
    ...(others.length === 0 ? [] : [kind === 'class' ? attributes(others) : props(others)]),
    ...(methods.length === 0 ? [] : [methodTable(methods)]),
  ].join('\n\n');
}

function props(members: readonly Member[]): string {
  const rows = members.map((member) => {
    const value = member.isOptional ? defaultOf(member) : '**required**';
    return `| \`${member.name}\` | ${typed(member.type)} | ${value} | ${cell(member.doc)} |`;
  });
  return ['| prop | type | default | |', '|---|---|---|---|', ...rows].join('\n');
}

function attributes(members: readonly Member[]): string {
  const rows = members.map(({ name, type, doc }) => `| \`${name}\` | ${typed(type)} | ${cell(doc)} |`);
  return ['| attribute | type | |', '|---|---|---|', ...rows].join('\n');
}

function methodTable(members: readonly Member[]): string {
  const rows = members.map((member) => {
    const { type, doc, tags } = member;
    const parameters = tags.filter(({ name }) => name === 'param').map(({ text = '' }) => parameter(text));
    const statistic = tags.some(({ name }) => name === 'default') ? [`By default ${defaultOf(member)}.`] : [];
    return `| ${coded(type)} | ${cell([doc, ...parameters, ...statistic].join(' '))} |`;
  });
  return ['| method | |', '|---|---|', ...rows].join('\n');
}

function parameter(text: string): string {
  const [name = '', ...about] = text.split(' ');
  return `\`${name}\`: ${about.join(' ')}.`;
}

/** A value as code, and what begins with "- " as words. */
function defaultOf({ name, tags }: Member): string {
  const text = tags.find((tag) => tag.name === 'default')?.text;
  if (text === undefined) throw new Error(`${name} may be left out, and nothing says what it is then`);
  return text.startsWith('- ') ? cell(text.slice(2)) : coded(text);
}

/** A type as code, which leads to its section where the whole of it has one. */
function typed(type: string): string {
  const [, name = ''] = /^(?:readonly )?(\w+)(?:\[\])?$/.exec(type) ?? [];
  return ORDER.includes(name) ? `[${coded(type)}](#${name.toLowerCase()})` : coded(type);
}

function coded(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return linked(text).replaceAll('|', '\\|');
}

/** Names of documents as links. */
function linked(text: string): string {
  return text.replaceAll(/\bdocs\/([\w.-]+\.(?:md|json))/g, (_, file: string) => `[${file}](${file})`);
}
