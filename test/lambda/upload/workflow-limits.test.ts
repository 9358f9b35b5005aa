import { LimitExceeded } from '../../../lambda/contract/errors';
import { assertWorkflowFits } from '../../../lambda/upload/workflow-limits';

test.each([
  { images: 150, plainLayers: 0, unverified: 600, missing: 600 },
  { images: 1, plainLayers: 500, unverified: 1, missing: 501 },
  { images: 500, plainLayers: 3_000 },
])('%j fits one execution', (load) => {
  expect(() => assertWorkflowFits(load)).not.toThrow();
});

test.each([
  [{ images: 501, plainLayers: 0 }, '501 images'],
  [{ images: 1, plainLayers: 3_200 }, '3200 layers to compress'],
  [{ images: 150, plainLayers: 0, unverified: 800, missing: 800 }, '800 to send'],
])('%j is LimitExceeded', (load, what) => {
  expect(() => assertWorkflowFits(load)).toThrow(LimitExceeded);
  expect(() => assertWorkflowFits(load)).toThrow(what);
});
