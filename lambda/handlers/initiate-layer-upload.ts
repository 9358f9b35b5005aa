import { initiateUpload } from '../aws/ecr-layers';
import { LayerState } from '../contract/steps';
import { assertUploadable } from '../upload/part-plan';
import { createIfMissing } from './wiring/create-if-missing';
import { readLayer } from './wiring/read-layer';
import { step } from './wiring/step';

/** Begins the upload of one layer at byte 0; the first one creates a repository that may be created. */
export const handler = step(LayerState, async (state, { owner }) => {
  const { uploads, hold, index, bytesSent, restarts, refusals, from } = state;
  const { layer, id, createWith } = await readLayer({ uploads, index }, owner);
  await createIfMissing(id, createWith);
  const upload = await initiateUpload(id);
  assertUploadable(layer, upload.partSize);
  return { uploads, hold, index, bytesSent, restarts, refusals, from, upload } satisfies LayerState;
});
