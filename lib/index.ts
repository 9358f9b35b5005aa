export type { Drop } from './drop';
export { PushApi, type PushApiProps } from './push-api';
export { Slipway, type SlipwayProps } from './slipway';
export { SlipwayStack, type SlipwayStackProps } from './slipway-stack';
