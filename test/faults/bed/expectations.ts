import type { FaultName, FaultPlan } from './fault-plan';
import { PART_SIZE } from './scenarios';

/** The names that a push may fail with because of a fault; it may always succeed. A fault that is not here is survived. */
const MAY_FAIL_AS: { readonly [fault in FaultName]?: readonly string[] } = {
  'repository-deleted': ['RepositoryNotFound'],
  // Between the two a call of another layer may find none.
  'repository-recreated': ['RepositoryNotFound'],
  'source-deleted': ['SourceGone'],
  // A newer version of the same key overtakes.
  'source-overwritten': ['Superseded'],
  // When the push had set the tag already.
  'tag-set-elsewhere': ['Superseded'],
};

/** Faults that make ECR lose an upload, once. */
const LOSES_UPLOAD: readonly FaultName[] = [
  'upload-forgotten',
  'part-lost',
  'part-taken-partly',
  'repository-recreated',
];

/** Faults that take every open upload along, which a call of another layer may see before the repository is gone. */
const LOSES_ALL_UPLOADS: readonly FaultName[] = ['repository-deleted', 'repository-recreated'];

/** Faults after which whole layers are gone. */
const LOSES_LAYERS: readonly FaultName[] = ['layers-collected', 'repository-deleted', 'repository-recreated'];

/** Restarts of a layer that the workflow allows. */
const MOST_RESTARTS = 3;

/** The name that a push must end with, where a fault was met that leaves no choice. */
export function requiredEnding({ faults }: FaultPlan, met: readonly number[]): string | undefined {
  const single = faults.length === 1 && (met[0] ?? 0) > 0;
  return single && faults[0]?.fault === 'source-overwritten' ? 'Superseded' : undefined;
}

// Three layers and two configs, all of which may be open at once.
const MOST_UPLOADS = 5;

/** Most restarts that the plan explains: an upload that is lost, or all that were open. */
export function mostRestarts({ faults }: FaultPlan, met: readonly number[]): number {
  return faults.reduce((sum, { fault }, at) => {
    const uploads = LOSES_ALL_UPLOADS.includes(fault) ? MOST_UPLOADS : LOSES_UPLOAD.includes(fault) ? 1 : 0;
    return sum + uploads * (met[at] ?? 0);
  }, 0);
}

/** The names that a push under this plan may fail with. */
export function allowedFailures({ faults }: FaultPlan): Set<string> {
  const names = new Set(faults.flatMap(({ fault }) => MAY_FAIL_AS[fault] ?? []));
  const lost = faults.filter(({ fault }) => LOSES_UPLOAD.includes(fault)).length;
  if (lost > MOST_RESTARTS) names.add('UploadExpired');
  const collected = faults.filter(({ fault }) => LOSES_LAYERS.includes(fault)).length;
  if (collected > 2) names.add('LayersNotFound');
  return names;
}

/** Most bytes that may go to ECR: each once, a layer again for each restart, and what the faults themselves cost. */
export function mostBytesSent({ faults }: FaultPlan, met: readonly number[], size: number, restarts: number): number {
  const ofFaults = faults.reduce((sum, { fault }, at) => {
    // A part that was lost, the one on its way, and the one on the wire behind it; or all layers that were there.
    const each = LOSES_LAYERS.includes(fault) ? size : 3 * PART_SIZE;
    return sum + each * (met[at] ?? 0);
  }, 0);
  return size + restarts * 3 * PART_SIZE + ofFaults;
}
