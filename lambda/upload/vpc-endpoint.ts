import type { Evidence } from '../contract/finding';

// https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
const SERVICES: Readonly<Record<string, string>> = {
  ecr: 'ecr.api',
  events: 'events',
  s3: 's3',
  sns: 'sns',
  states: 'states',
};

/** Name of the VPC endpoint that leads to the service of an action; undefined where there is none that we know. */
export function vpcEndpoint({ action = '', region }: Evidence): string | undefined {
  const service = SERVICES[action.split(':')[0] ?? ''];
  return service && region && `com.amazonaws.${region}.${service}`;
}
