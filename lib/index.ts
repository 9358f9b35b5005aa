export type { Drop } from '../lambda/contract/drop';
export { PushApi, type PushApiProps } from './push-api';
export { Slipway, type SlipwayProps } from './slipway';
export { SlipwayStack, type SlipwayStackProps } from './slipway-stack';
