import { createHash } from 'node:crypto';
import { eventsSoFar } from '../aws/execution-events';
import { type LayerState, RestartLayerUploadInput } from '../contract/steps';
import { planRestart } from '../upload/restart';
import { assertRestartFits } from '../upload/workflow-limits';
import { readLayer } from './wiring/read-layer';
import { step } from './wiring/step';

/** Counts, spaces out and bounds the restarts of one layer. */
export const handler = step(RestartLayerUploadInput, async (state, { owner, context }) => {
  assertRestartFits(await eventsSoFar(state.executionArn));
  const { layer } = await readLayer(state, owner);
  const { digest, entry, repository, toStage } = layer;
  const { restarts, refusals = 0, lost = 'UploadNotFound' } = state;
  const spread = createHash('sha256').update(context.awsRequestId).digest().readUInt16BE() / 65_536;
  const { uploads, hold, index, bytesSent } = state;
  const next = planRestart({ digest, entry, repository, restarts, refusals, lost }, spread);
  return { uploads, hold, index, bytesSent, lost, toStage, ...next } satisfies LayerState;
});
