export { type Api, createApi } from './create-api';
export type { GatewayResponse, RestApi, RestMethod } from './rest-api';
