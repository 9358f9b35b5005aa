// As AWS words it: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
const DENIED = /not authorized to perform: (\S+) on resource: (\S+)/;
const BY_RESOURCE = /no resource-based policy allows/;
const PRINCIPAL = /User: (\S+) is not authorized/;

/** The policy statement that would allow what a denial names, as JSON; undefined where the text names no action. */
export function deniedStatement(message: string): string | undefined {
  const [, action, resource] = DENIED.exec(message) ?? [];
  if (!action || !resource) return undefined;
  const principal = PRINCIPAL.exec(message)?.[1];
  // A repository policy names who may, and stands on the resource itself; an identity policy is the other way round.
  return BY_RESOURCE.test(message)
    ? JSON.stringify({ Effect: 'Allow', Principal: { AWS: principal ?? '*' }, Action: action })
    : JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
}
