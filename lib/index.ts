export type { CreateRepositories } from './create-repositories';
export type { Drop } from './drop';
export { PropsInvalid } from './props-invalid';
export { PushApi, type PushApiProps } from './push-api';
export { Slipway } from './slipway';
export type { SlipwayProps } from './slipway-props';
export { SlipwayStack, type SlipwayStackProps } from './slipway-stack';
