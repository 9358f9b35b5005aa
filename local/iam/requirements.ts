import { ecrRequirements, type Home } from './ecr-actions';
import type { Requirement } from './evaluate';
import { type Call, s3Requirements } from './s3-actions';

/** Services whose calls are judged. */
export type Service = 's3' | 'ecr' | 'states' | 'events';

/** What the caller must be allowed to do; undefined for a call of which nobody has written that down here. */
export function requirementsOf(
  service: Service,
  call: Call,
  home: Home,
  keyOf: (bucket: string) => string | undefined,
): readonly Requirement[] | undefined {
  return REQUIREMENTS[service](call, home, keyOf);
}

type Requirements = (
  call: Call,
  home: Home,
  keyOf: (bucket: string) => string | undefined,
) => readonly Requirement[] | undefined;

const REQUIREMENTS: Readonly<Record<Service, Requirements>> = {
  s3: (call, _, keyOf) => s3Requirements(call, keyOf),
  ecr: ecrRequirements,
  states: ({ operation, input }) => {
    const resource = input.executionArn ?? input.stateMachineArn;
    return resource === undefined ? undefined : [{ action: `states:${operation}`, resource: String(resource) }];
  },
  events: ({ operation, input }, { accountId, region }) => {
    if (operation !== 'PutEvents') return undefined;
    const entries = input.Entries as readonly { EventBusName?: string; Source?: string; DetailType?: string }[];
    return entries.map(({ EventBusName = 'default', Source = '', DetailType = '' }) => ({
      action: 'events:PutEvents',
      resource: EventBusName.startsWith('arn:')
        ? EventBusName
        : `arn:aws:events:${region}:${accountId}:event-bus/${EventBusName}`,
      context: { 'events:source': Source, 'events:detail-type': DetailType },
    }));
  },
};
