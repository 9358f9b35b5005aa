import { Token } from 'aws-cdk-lib';
import { Drop as DropRule, dropFolder } from '../lambda/contract/drop';
import type { Drop } from './drop';
import type { SlipwayProps } from './slipway-props';

/** What is wrong with the props, as sentences; empty where nothing is. */
export function problemsOf(props: SlipwayProps, steps: readonly string[]): string[] {
  return [
    ...dropProblems(props.drops),
    ...creationProblems(props),
    ...(props.registries ?? [])
      .filter((id) => !Token.isUnresolved(id) && !/^\d{12}$/.test(id))
      .map((id) => `registries: "${id}" is no account id of 12 digits`),
    ...bucketProblems(props),
    ...networkProblems(props),
    ...alarmProblems(props),
    ...apiProblems(props),
    ...numberProblems(props, steps),
  ];
}

function dropProblems(drops: readonly Drop[]): string[] {
  if (drops.length === 0) return ['drops: there is none, so that no push could go anywhere'];
  const folders = drops.map(({ prefix }) => dropFolder(prefix));
  return drops.flatMap((drop, index) => {
    const at = `drops[${index}]`;
    const { prefix, repositories, tags, notifyEmails = [] } = drop;
    const { error } = DropRule.safeParse({ prefix, repositories, ...(tags && { tags }) });
    return [
      ...(error?.issues ?? [])
        .filter(({ path }) => !Token.isUnresolved(valueAt(drop, path)))
        .map(({ path }) => `${at}.${path.join('.')}: ${said(drop, path)}`),
      ...(!Token.isUnresolved(prefix) && /[*?$]/.test(prefix)
        ? [`${at}.prefix: "${prefix}" is taken literally, and may not hold "*", "?" or "$"`]
        : []),
      ...(repositories.length === 0 ? [`${at}.repositories: there is none, so that nothing could be pushed`] : []),
      ...(folders.indexOf(dropFolder(prefix)) < index ? [`${at}.prefix: "${prefix}" is given twice`] : []),
      ...notifyEmails
        .filter((address) => !Token.isUnresolved(address) && !/^[^@\s]+@[^@\s]+$/.test(address))
        .map((address) => `${at}.notifyEmails: "${address}" is no address`),
    ];
  });
}

function said(drop: Drop, path: readonly PropertyKey[]): string {
  const rules: Record<string, string> = {
    prefix: 'no folder: segments with one "/" between them, and none before the first',
    repositories: 'no pattern of a repository name: small letters, digits, ".", "_", "-", "/" and "*"',
    tags: 'no pattern of a tag: letters, digits, ".", "_", "-" and "*"',
  };
  return `"${String(valueAt(drop, path))}" is ${rules[String(path[0])] ?? 'not allowed'}`;
}

function valueAt(drop: Drop, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], drop);
}

function creationProblems({ createRepositories = [], ...props }: SlipwayProps): string[] {
  const { error } = DropRule.safeParse({ prefix: '', repositories: createRepositories });
  const bad = (error?.issues ?? [])
    .map(({ path }) => createRepositories[Number(path[1])])
    .filter((pattern) => !Token.isUnresolved(pattern))
    .map((pattern) => `createRepositories: "${pattern}" is no pattern of a repository name`);
  if (createRepositories.length > 0) return bad;
  const idle = (['immutableTags', 'scanOnPush', 'repositoryKey', 'repositoryTags'] as const).filter(
    (name) => props[name],
  );
  return idle.map((name) => `${name}: is for repositories that a push creates, and createRepositories is empty`);
}

function bucketProblems(props: SlipwayProps): string[] {
  if (!props.dropBucket) return [];
  return (['dropBucketKey', 'dropBucketRemovalPolicy'] as const)
    .filter((name) => props[name] !== undefined)
    .map((name) => `${name}: is for a new bucket, and dropBucket is one that exists`);
}

function networkProblems(props: SlipwayProps): string[] {
  if (props.vpc) return [];
  return (['vpcSubnets', 'securityGroups', 'vpcEndpoints'] as const)
    .filter((name) => props[name])
    .map((name) => `${name}: there is no vpc`);
}

function apiProblems(props: SlipwayProps): string[] {
  if (props.api) return [];
  return (['apiRequestsPerSecond', 'apiBurst', 'setApiLogRole'] as const)
    .filter((name) => props[name] !== undefined)
    .map((name) => `${name}: there is no api`);
}

function alarmProblems({ alarms = true, alarmTopic }: SlipwayProps): string[] {
  return alarmTopic && !alarms ? ['alarmTopic: is told of alarms, and there are none'] : [];
}

function numberProblems(props: SlipwayProps, steps: readonly string[]): string[] {
  const { layerConcurrency = 6, memorySizes = {}, reservedConcurrency = {} } = props;
  const isWhole = (value: number, least: number, most: number) =>
    Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= most);
  const entries = (name: string, values: Readonly<Record<string, number>>, least: number, most: number) =>
    Object.entries(values).flatMap(([step, value]) => [
      ...(steps.includes(step) ? [] : [`${name}: there is no step "${step}"; there are ${steps.join(', ')}`]),
      ...(isWhole(value, least, most) ? [] : [`${name}.${step}: ${value} is no whole number of ${least} to ${most}`]),
    ]);
  return [
    ...(isWhole(layerConcurrency, 1, 40)
      ? []
      : [`layerConcurrency: ${layerConcurrency} is no whole number of 1 to 40`]),
    ...entries('memorySizes', memorySizes, 128, 10_240),
    ...entries('reservedConcurrency', reservedConcurrency, 0, 10_000),
  ];
}
