import { Token } from 'aws-cdk-lib';
import { dropProblems } from './check-drops';
import type { SlipwayProps } from './slipway-props';

/** What is wrong with the props of a stack in this region, as sentences; empty where nothing is. */
export function problemsOf(props: SlipwayProps, steps: readonly string[], region: string): string[] {
  return [
    ...dropProblems(props.drops, region),
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
  return [
    ...(props.page ? ['page: is served by the API, and there is none; set api: true, or leave page out'] : []),
    ...(['apiRequestsPerSecond', 'apiBurst', 'setApiLogRole'] as const)
      .filter((name) => props[name] !== undefined)
      .map((name) => `${name}: there is no api`),
  ];
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
