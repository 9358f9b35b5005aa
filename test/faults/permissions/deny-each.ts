import { SituationPushes } from './denied-push';
import { grants, keyedSlipway } from './granted';
import { isBestEffort, situationFor } from './situations';

/** Takes each action of these services that a push needs from its role: the push is denied, and the next one mended. */
export function denyEach(services: RegExp): void {
  const keyed = keyedSlipway();
  const rows = grants.filter((grant) => services.test(grant.action) && !isBestEffort(grant));
  test.each(rows.map((grant) => [`${grant.step} without ${grant.action} on ${short(grant.resource)}`, grant] as const))(
    '%s is PermissionDenied, until it has the statement of the evidence',
    async (_, { step, principal, action, resource }) => {
      const situation = situationFor({ step, action, resource });
      const pushes = new SituationPushes(keyed.slipway, situation);
      const { iam } = keyed.slipway.cloud;
      iam.revoke(step, action, resource);
      const { diagnosis, retries } = await pushes.push();
      expect(diagnosis).toMatchObject({
        code: 'PermissionDenied',
        evidence: { action, principal, resource: expect.stringMatching(patternOf(resource)) },
        retryable: false,
      });
      expect(retries).toBe(0);

      iam.allow(step, JSON.parse(diagnosis?.evidence.statement ?? ''));
      const { status, diagnosis: other } = await pushes.push();
      expect(other?.code ?? status).toBe(situation.ends);
    },
  );
}

function short(resource: string): string {
  return resource.replace(/^arn:aws:(s3:::slipwaystack-slipway|ecr:us-east-1:|kms:us-east-1:)/, '');
}

function patternOf(resource: string): RegExp {
  return new RegExp(`^${resource.replace(/[.+^${}()|[\]\\/]/g, '\\$&').replaceAll('*', '.+')}$`);
}
