export type { CreateRepositories } from './create-repositories';
export type { Drop } from './drop';
export { PropsInvalid } from './props-invalid';
export type { PushApi } from './push-api';
export { Slipway } from './slipway';
export type { SlipwayProps } from './slipway-props';
export { SlipwayStack, type SlipwayStackProps } from './slipway-stack';
