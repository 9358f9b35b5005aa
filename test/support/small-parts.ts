import { Size } from 'aws-cdk-lib';
import { RunningSlipway } from './running-slipway';
import { sharedAssembly } from './shared-assembly';

/** Bytes: small, for what is tested is the order of things and not their size. */
export const PART_SIZE = 64 * 1024;

/** A Slipway whose parts are small, for the tests of a file: a layer of several parts has its own worker already. */
export function slipwayOfSmallParts(): { readonly slipway: RunningSlipway } {
  const holder = {} as { slipway: RunningSlipway };
  beforeAll(async () => {
    const assembly = sharedAssembly('small-parts', { largestPackedLayer: Size.bytes(PART_SIZE) });
    holder.slipway = await RunningSlipway.start({ partSize: PART_SIZE, assembly });
  });
  afterEach(() => holder.slipway.cloud.faults.clear());
  afterAll(() => holder.slipway.stop());
  return holder;
}
