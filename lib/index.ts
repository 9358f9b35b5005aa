export type { Drop } from '../lambda/contract/drop';
export { Slipway, type SlipwayProps } from './slipway';
export { SlipwayStack, type SlipwayStackProps } from './slipway-stack';
