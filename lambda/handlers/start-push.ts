import { startPush } from '../aws/start-push';
import { executionName } from '../contract/execution-name';
import { ObjectCreatedEvent } from '../contract/steps';
import { step } from './wiring/step';

/** Starts one push for one version of one dropped object; keys are taken literally, folder markers are passed over. */
export const handler = step(ObjectCreatedEvent, async ({ detail: { bucket, object } }, { stateMachineArn }) => {
  const { key, 'version-id': versionId, sequencer } = object;
  if (key.endsWith('/')) return { key, outcome: 'folder marker' };
  const source = { bucket: bucket.name, key, ...(versionId === undefined ? {} : { versionId }) };
  const name = executionName(key, versionId ?? sequencer ?? '');
  const { outcome } = await startPush(stateMachineArn, name, { source, onlyNewest: true });
  return { key, name, outcome };
});
