import type { FaultName, FaultPlan, FaultPoint, Scenario } from './fault-plan';

const ANY_CALL: readonly FaultName[] = ['reset', 'reply-lost', 'hang', 'killed', 'throttled', 'server-error'];
const ANY_INVOCATION: readonly FaultName[] = ['killed', 'throttled', 'service-exception', 'run-twice'];
const SOURCE: readonly FaultName[] = ['source-overwritten', 'source-hidden', 'source-deleted'];
const REPOSITORY: readonly FaultName[] = ['repository-deleted', 'repository-recreated'];

/** Faults of their own that single operations have, beside those of any call. */
const OWN: Readonly<Record<string, readonly FaultName[]>> = {
  's3:GetObject of document': ['short-read'],
  's3:GetObject of source': ['short-read', 'whole-object', ...SOURCE],
  's3:HeadObject of source': SOURCE,
  'ecr:BatchCheckLayerAvailability': REPOSITORY,
  'ecr:InitiateLayerUpload': ['part-size-changed', ...REPOSITORY],
  'ecr:UploadLayerPart': ['upload-forgotten', 'part-lost', 'part-taken-partly', ...REPOSITORY],
  'ecr:CompleteLayerUpload': ['upload-forgotten', 'part-lost', ...REPOSITORY],
  'ecr:BatchGetImage': ['layers-collected', 'tag-set-elsewhere', ...REPOSITORY],
  'ecr:PutImage': ['layers-collected', 'tag-set-elsewhere', ...REPOSITORY],
};

/** Every fault that can befall a call. */
function faultsOf({ service, operation, reads }: FaultPoint): readonly FaultName[] {
  if (service === 'lambda') return ANY_INVOCATION;
  const call = `${service}:${operation}${reads ? ` of ${reads}` : ''}`;
  return [...ANY_CALL, ...(OWN[call] ?? [])];
}

/** One plan for each call of a trace and each fault of that call. */
export function singleFaults(scenario: Scenario, trace: readonly FaultPoint[]): FaultPlan[] {
  return trace.flatMap((point) =>
    faultsOf(point).map((fault) => ({ scenario, concurrency: 1, faults: [{ ...point, fault }] })),
  );
}

/** As singleFaults, each after one fault that comes before in every plan. */
export function singleFaultsAfter(
  first: FaultPlan['faults'][number],
  scenario: Scenario,
  trace: readonly FaultPoint[],
): FaultPlan[] {
  return singleFaults(scenario, trace).map((plan) => ({ ...plan, faults: [first, ...plan.faults] }));
}

/** The `nth` invocation of a function, and the calls that it makes. */
export function invocation(trace: readonly FaultPoint[], step: string, nth: number): FaultPoint[] {
  const from = trace.findIndex((point) => point.operation === step && point.nth === nth);
  const to = trace.findIndex(({ service }, at) => at > from && service === 'lambda');
  return trace.slice(from, to);
}

const UPLOAD_PATH = /^ecr:(InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload)$/;
// A connection that breaks before the work is done is one that breaks after it, without the work.
const UPLOAD_FAULTS: readonly FaultName[] = [
  'reply-lost',
  'killed',
  'upload-forgotten',
  'part-lost',
  'part-taken-partly',
];

/** All pairs of faults on these calls of the upload path, each call with each. */
export function uploadPairs(scenario: Scenario, calls: readonly FaultPoint[]): FaultPlan[] {
  const faults = calls.flatMap((point) =>
    faultsOf(point)
      .filter((fault) => UPLOAD_FAULTS.includes(fault))
      .map((fault) => ({ ...point, fault })),
  );
  return faults.flatMap((one, at) =>
    faults
      .slice(at + 1)
      .filter((other) => other.nth !== one.nth || other.operation !== one.operation)
      .map((other) => ({ scenario, concurrency: 1, faults: [one, other] })),
  );
}

/** From the first InitiateLayerUpload that two parts follow, to the first CompleteLayerUpload: of several layers. */
export function uploadPath(trace: readonly FaultPoint[]): FaultPoint[] {
  const path = trace.filter(({ service, operation }) => UPLOAD_PATH.test(`${service}:${operation}`));
  const second = path.findIndex(
    ({ operation }, at) => operation === 'UploadLayerPart' && path[at + 1]?.operation === 'UploadLayerPart',
  );
  const first = path.slice(0, second).findLastIndex(({ operation }) => operation === 'InitiateLayerUpload');
  const end = path.findIndex(({ operation }, at) => at > second && operation === 'CompleteLayerUpload');
  return path.slice(first, end + 1);
}

/** Of a path, the calls for its first layer: all layers are sent, one after the other, before the first is completed. */
export function firstUpload(path: readonly FaultPoint[]): FaultPoint[] {
  const next = path.findIndex(({ operation }, at) => at > 0 && operation === 'InitiateLayerUpload');
  return next < 0 ? [...path] : [...path.slice(0, next), ...path.slice(-1)];
}

/** A plan of one to six faults at calls of the trace, decided by the seed alone. */
export function randomPlan(scenario: Scenario, trace: readonly FaultPoint[], seed: number): FaultPlan {
  const random = randomNumbers(seed);
  const oneOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const count = 1 + Math.floor(random() * 6);
  const faults = Array.from({ length: count }, () => {
    const point = oneOf(trace);
    return { ...point, fault: oneOf(faultsOf(point)) };
  });
  return { scenario, concurrency: random() < 0.5 ? 1 : 6, faults };
}

/** Numbers in [0, 1). https://en.wikipedia.org/wiki/Xorshift */
function randomNumbers(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
