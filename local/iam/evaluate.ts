import { holds, type RequestContext } from './conditions';
import { fitsAction, fitsPattern } from './pattern';
import type { Rule } from './statement';

/** One thing that a call does to one resource. */
export interface Requirement {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that this call has beside those of every call. */
  readonly context?: Partial<RequestContext>;
}

export type Judgement = 'allowed' | 'implicitly denied' | 'explicitly denied';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export function evaluate(rules: readonly Rule[], requirement: Requirement, context: RequestContext): Judgement {
  const fitting = rules.filter((rule) => fits(rule, requirement, context));
  if (fitting.some(({ allows }) => !allows)) return 'explicitly denied';
  return fitting.length > 0 ? 'allowed' : 'implicitly denied';
}

function fits({ actions, resources, conditions }: Rule, { action, resource }: Requirement, context: RequestContext) {
  return (
    actions.some((pattern) => fitsAction(pattern, action)) &&
    resources.some((pattern) => fitsPattern(pattern, resource)) &&
    conditions.every((condition) => holds(condition, context))
  );
}
