import { Token } from 'aws-cdk-lib';
import { Drop as DropRule, dropFolder } from '../lambda/contract/drop';
import { coversPattern } from '../lambda/contract/repository-pattern';
import { type Drop, dropRule, dropsJson } from './drop';

/** All variables of a Lambda function together may have 4 KB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 3_500;

/** What is wrong with the drops of a stack in this region, as sentences; empty where nothing is. */
export function dropProblems(drops: readonly Drop[], region: string): string[] {
  if (drops.length === 0) return ['drops: there is none, so that no push could go anywhere'];
  const folders = drops.map(({ prefix }) => dropFolder(prefix));
  const problems = drops.flatMap((drop, index) => {
    const at = `drops[${index}]`;
    const { prefix, repositories } = drop;
    return [
      ...shapeProblems(drop, at),
      ...(!Token.isUnresolved(prefix) && /[*?$]/.test(prefix)
        ? [`${at}.prefix: "${prefix}" is taken literally, and may not hold "*", "?" or "$"`]
        : []),
      ...(repositories.length === 0 ? [`${at}.repositories: there is none, so that nothing could be pushed`] : []),
      ...(folders.indexOf(dropFolder(prefix)) < index ? [`${at}.prefix: "${prefix}" is given twice`] : []),
      ...addressProblems(drop, at),
      ...creationProblems(drop, `${at}.createRepositories`, region),
    ];
  });
  return [...problems, ...sizeProblems(drops)];
}

/** What the functions, which parse the same, would not take. */
function shapeProblems(drop: Drop, at: string): string[] {
  const { error } = DropRule.safeParse(dropRule(drop));
  return (error?.issues ?? []).flatMap(({ path, ...issue }) => {
    const value = valueAt(drop, path);
    if (Token.isUnresolved(value)) return [];
    if (issue.code === 'unrecognized_keys') return [`${at}.${path.join('.')}: it has no ${issue.keys.join(', ')}`];
    const place = path.slice(0, path[1] === 'tags' ? 2 : undefined).join('.');
    return [`${at}.${place}: ${said(path, value)}`];
  });
}

function said(path: readonly PropertyKey[], value: unknown): string {
  const rules: readonly (readonly [RegExp, string])[] = [
    [/^prefix/, 'no folder: segments with one "/" between them, and none before the first'],
    [/repositories\.\d/, 'no pattern of a repository name: small letters, digits, ".", "_", "-", "/" and "*"'],
    [/^tags/, 'no pattern of a tag: letters, digits, ".", "_", "-" and "*"'],
  ];
  if (path[1] === 'tags') {
    const about = path[2] === undefined ? 'there are more than 50' : `"${String(path[2])}" is none that ECR takes`;
    return `${about}: 50 tags, names of 1 to 128 that do not begin with "aws:", values of up to 256, of letters, digits, spaces and _.:/=+-@`;
  }
  const rule = rules.find(([places]) => places.test(path.join('.')))?.[1];
  return `"${String(value)}" is ${rule ?? 'not allowed'}`;
}

function valueAt(drop: Drop, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], drop);
}

function addressProblems({ notifyEmails = [] }: Drop, at: string): string[] {
  return notifyEmails
    .filter((address) => !Token.isUnresolved(address) && !/^[^@\s]+@[^@\s]+$/.test(address))
    .map((address) => `${at}.notifyEmails: "${address}" is no address`);
}

function creationProblems({ repositories, createRepositories }: Drop, at: string, region: string): string[] {
  if (!createRepositories) return [];
  const { repositories: created, encryptionKey } = createRepositories;
  const covered = (pattern: string) =>
    [pattern, ...repositories].some((one) => Token.isUnresolved(one)) ||
    repositories.some((one) => coversPattern(one, pattern));
  return [
    ...(created?.length === 0
      ? [`${at}.repositories: there is none; leave createRepositories out to create none`]
      : []),
    ...(created ?? [])
      .filter((pattern) => !covered(pattern))
      .map((pattern) => `${at}.repositories: the drop may not push to all of "${pattern}": add it to its repositories`),
    ...(encryptionKey ? keyProblems(encryptionKey, `${at}.encryptionKey`, region) : []),
  ];
}

function keyProblems(
  { keyArn, env }: NonNullable<NonNullable<Drop['createRepositories']>['encryptionKey']>,
  at: string,
  region: string,
): string[] {
  if (typeof keyArn !== 'string') return [`${at}: it is no key of aws-cdk-lib/aws-kms`];
  if ([env.region, region].some((one) => Token.isUnresolved(one)) || env.region === region) return [];
  return [`${at}: it is in ${env.region}, and ECR takes keys of the repositories' own region, ${region}, alone`];
}

function sizeProblems(drops: readonly Drop[]): string[] {
  const size = Buffer.byteLength(dropsJson(drops));
  if (size <= MOST_BYTES) return [];
  const remedy = 'use fewer and wider patterns, or several Slipways';
  return [`drops: they take ${size} bytes as JSON, and Lambda's environment has room for ${MOST_BYTES}: ${remedy}`];
}
