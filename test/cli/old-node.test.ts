import { oldNodeWarning } from '../../cli/old-node';

test.each(['22.15.0', '22.21.1', '24.0.0'])('Node %s reads all that there is', (version) => {
  expect(oldNodeWarning(version)).toBeUndefined();
});

test.each(['20.20.2', '22.14.0'])('Node %s is told what it cannot do, and what can', (version) => {
  expect(oldNodeWarning(version)).toMatch(new RegExp(`^slipway: Node ${version} has no zstd.*Node 22.15 or newer`));
});
