import type { EndedPush } from '../../support/running-slipway';
import type { Scenario } from './fault-plan';
import { endingOf } from './invariants';

/** A push without faults that did not succeed: there is nothing to put faults into. */
export class FailedTrace extends Error {
  /** The plan that shows it. */
  readonly plan;

  constructor(scenario: Scenario, push: EndedPush) {
    super(`a push without faults ended as ${endingOf(push)} in ${push.diagnosis?.step}: ${push.diagnosis?.cause}`);
    this.plan = { scenario, concurrency: 1, faults: [] };
  }
}
