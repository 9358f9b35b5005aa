import type { JsonSchema, Model, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type RequestBodyName, requestBodySchema } from '../lambda/contract/api-schemas';

export type RequestModels = Readonly<Record<RequestBodyName, Model>>;

/** The shapes of the bodies that the API takes, out of the schemas that the handlers parse with. */
export function addRequestModels(api: RestApi): RequestModels {
  const model = (name: RequestBodyName) =>
    api.addModel(name, {
      modelName: name,
      contentType: 'application/json',
      // API Gateway knows the fourth draft alone.
      schema: requestBodySchema(name, 'draft-4') as JsonSchema,
    });
  return { CreatePush: model('CreatePush'), StopPush: model('StopPush'), PresignDrop: model('PresignDrop') };
}
