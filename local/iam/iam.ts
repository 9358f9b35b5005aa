import type { RequestContext } from './conditions';
import { type Denial, denial, unjudged } from './denial';
import type { Home } from './ecr-actions';
import { evaluate, type Requirement } from './evaluate';
import { managedPolicy } from './managed-policies';
import { fitsAction, fitsPattern } from './pattern';
import { requirementsOf, type Service } from './requirements';
import { type Call, listRequirement } from './s3-actions';
import { type PolicyDocument, type Rule, ruleOf, rulesOf, type Statement } from './statement';

/** The role of one function. */
export interface RoleSpec {
  /** What the function's calls are signed with. */
  readonly accessKeyId: string;
  /** What the role is called when it is talked about: the step. */
  readonly step: string;
  readonly roleName: string;
  /** Name of the session, which is the function's. */
  readonly sessionName: string;
  readonly policies: readonly PolicyDocument[];
  readonly managedPolicyArns: readonly string[];
}

/** One action that a role has on one resource, or pattern of resources. */
interface Grant {
  readonly step: string;
  /** As AWS names it when it denies. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
}

/** Who may do what. */
export interface Iam {
  /** Why a call is denied, in the words of AWS; undefined where it is allowed, as every call of a person is. */
  judge(service: Service, call: Call, accessKeyId: string | undefined): Denial | undefined;
  /** Why a caller is not told that a key is not there; undefined where it is. */
  judgeMissingKey(call: Call, accessKeyId: string | undefined): Denial | undefined;
  /** Every action of every role. */
  grants(): Grant[];
  /** Takes an action from a role, on all resources or on those of one pattern. Throws where the role does not have it. */
  revoke(step: string, action: string, resource?: string): void;
  /** Adds a statement to a role, stronger than what was revoked. */
  allow(step: string, statement: Statement): void;
  /** All roles as the template has them. */
  reset(): void;
}

export interface IamOptions extends Home {
  readonly roles: readonly RoleSpec[];
  /** ARN of the KMS key that a bucket is encrypted with. */
  readonly bucketKey: (bucket: string) => string | undefined;
}

/** Reads the policies of the roles; throws for what this policy check would have to pass over. */
export function createIam({ roles: specs, bucketKey, ...home }: IamOptions): Iam {
  const roles = specs.map((spec) => new Role(spec, home));
  const roleOf = (accessKeyId: string | undefined) => roles.find((role) => role.spec.accessKeyId === accessKeyId);
  const byStep = (step: string) => {
    const found = roles.find((role) => role.spec.step === step);
    if (found) return found;
    throw new Error(`no function of the template is ${step}`);
  };
  return {
    judge: (service, call, accessKeyId) => {
      const role = roleOf(accessKeyId);
      const requirements = requirementsOf(service, call, home, bucketKey);
      if (role && !requirements) return unjudged(service, call.operation);
      return role?.judge(service, requirements ?? []);
    },
    judgeMissingKey: (call, accessKeyId) => roleOf(accessKeyId)?.judge('s3', [listRequirement(call)]),
    grants: () => roles.flatMap((role) => role.grants()),
    revoke: (step, action, resource = '*') => byStep(step).revoke(action, resource),
    allow: (step, statement) => byStep(step).allow(statement),
    reset: () => {
      for (const role of roles) role.reset();
    },
  };
}

class Role {
  private readonly rules: readonly Rule[];
  private added: Rule[] = [];
  private revoked: Requirement[] = [];

  constructor(
    readonly spec: RoleSpec,
    private readonly home: Home,
  ) {
    this.rules = [...spec.policies, ...spec.managedPolicyArns.map(managedPolicy)].flatMap(rulesOf);
  }

  judge(service: Service, requirements: readonly Requirement[]): Denial | undefined {
    for (const requirement of requirements) {
      const { action, resource } = requirement;
      const taken = this.revoked.some((one) => fitsAction(one.action, action) && fitsPattern(one.resource, resource));
      const rules = taken ? this.added : [...this.rules, ...this.added];
      const judgement = evaluate(rules, requirement, { ...this.context(resource), ...requirement.context });
      if (judgement !== 'allowed') return denial(service, this.principal, requirement, judgement);
    }
    return undefined;
  }

  grants(): Grant[] {
    const allowing = this.rules.filter(({ allows }) => allows);
    return allowing.flatMap(({ actions, resources }) =>
      actions.flatMap((action) =>
        resources.map((resource) => ({ step: this.spec.step, principal: this.principal, action, resource })),
      ),
    );
  }

  revoke(action: string, resource: string): void {
    const had = this.grants().some((grant) => fitsAction(grant.action, action));
    if (!had) throw new Error(`the role of ${this.spec.step} does not have ${action}`);
    this.revoked.push({ action, resource });
  }

  allow(statement: Statement): void {
    this.added.push(ruleOf(statement));
  }

  reset(): void {
    this.added = [];
    this.revoked = [];
  }

  private get principal(): string {
    const { roleName, sessionName } = this.spec;
    return `arn:aws:sts::${this.home.accountId}:assumed-role/${roleName}/${sessionName}`;
  }

  private context(resource: string): RequestContext {
    const { accountId, region } = this.home;
    return {
      'aws:PrincipalAccount': accountId,
      'aws:RequestedRegion': region,
      // Loopback stands for TLS.
      'aws:SecureTransport': 'true',
      ...(resource.startsWith('arn:aws:kms:') ? { 'kms:ViaService': `s3.${region}.amazonaws.com` } : {}),
    };
  }
}
