import { KEY_SID, type Permission } from './permission';
import { PERMISSIONS } from './permissions';

const BY_SID: ReadonlyMap<string, string> = new Map([
  ...Object.values<readonly Permission[]>(PERMISSIONS)
    .flat()
    .map(({ sid, why }) => [sid, why] as const),
  [KEY_SID, 'S3 uses the key of a bucket for it; the role cannot use the key in another way.'],
  ['WriteLog', 'Writes its own log, and no other.'],
  ['AttachToVpc', 'Lambda itself puts the function into the VPC with this role; only where there is a VPC.'],
  ['DenyNetworkToCode', 'The code of the function may not do what Lambda does with its role.'],
]);

/** Of the statements that CDK writes. */
const BY_ACTION: readonly (readonly [actions: RegExp, why: string])[] = [
  [/^xray:/, 'Sends traces to X-Ray, which has no resources that a policy could name; not with `tracing: false`.'],
  [/^lambda:InvokeFunction$/, 'The workflow calls its steps.'],
  [/^logs:/, 'Step Functions sets up the delivery of its log, which has no resources that a policy could name.'],
  [/^sqs:/, 'Lambda hands what the function keeps failing on to the dead-letter queue.'],
];

/** Why a role has a statement, or undefined where nobody has written it down. */
export function reasonOf({ sid, actions }: { readonly sid?: string | undefined; readonly actions: readonly string[] }) {
  if (sid !== undefined) return BY_SID.get(sid) ?? BY_SID.get(sid.replace(/\d+$/, ''));
  return BY_ACTION.find(([pattern]) => actions.every((action) => pattern.test(action)))?.[1];
}
