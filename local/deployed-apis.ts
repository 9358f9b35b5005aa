import type { GatewayResponse, RestApi, RestMethod } from './api';
import type { Deployment } from './template';

type Properties = Readonly<Record<string, unknown>>;

/** The REST APIs of a template: each stage with its methods, models and gateway responses. */
export function deployedApis(deployment: Deployment): RestApi[] {
  const stages = deployment.resources('AWS::ApiGateway::Stage').map(({ properties }) => properties);
  return stages.map(({ RestApiId, StageName }) => ({
    id: String(RestApiId),
    stage: String(StageName),
    methods: methodsOf(deployment, String(RestApiId)),
    responses: responsesOf(deployment, String(RestApiId)),
  }));
}

function methodsOf(deployment: Deployment, apiId: string): RestMethod[] {
  const paths = pathsOf(deployment, apiId);
  const models = new Map(
    deployment.resources('AWS::ApiGateway::Model').map(({ name, properties }) => [name, properties.Schema as object]),
  );
  return of(deployment, 'AWS::ApiGateway::Method', apiId).map((properties) => {
    const { ResourceId, HttpMethod, AuthorizationType, Integration, RequestModels, RequestValidatorId } = properties;
    const model = (RequestModels as Record<string, string> | undefined)?.['application/json'];
    const schema = RequestValidatorId === undefined || model === undefined ? undefined : models.get(model);
    return {
      resource: paths.get(String(ResourceId)) ?? '/',
      httpMethod: String(HttpMethod),
      functionArn: functionOf(Integration as Properties),
      isSigned: AuthorizationType === 'AWS_IAM',
      ...(schema === undefined ? {} : { bodySchema: schema }),
    };
  });
}

/** Path of each resource, by its id. */
function pathsOf(deployment: Deployment, apiId: string): ReadonlyMap<string, string> {
  const resources = deployment
    .resources('AWS::ApiGateway::Resource')
    .filter(({ properties }) => properties.RestApiId === apiId);
  const parts = new Map(resources.map(({ name, properties }) => [name, properties]));
  const pathOf = (id: string): string => {
    const part = parts.get(id);
    return part ? `${pathOf(String(part.ParentId))}/${part.PathPart}` : '';
  };
  return new Map(resources.map(({ name }) => [name, pathOf(name)]));
}

function responsesOf(deployment: Deployment, apiId: string): GatewayResponse[] {
  return of(deployment, 'AWS::ApiGateway::GatewayResponse', apiId).map((properties) => {
    const { ResponseType, StatusCode, ResponseTemplates } = properties;
    const template = (ResponseTemplates as Record<string, string> | undefined)?.['application/json'];
    return {
      type: String(ResponseType),
      ...(StatusCode === undefined ? {} : { statusCode: Number(StatusCode) }),
      ...(template === undefined ? {} : { template }),
    };
  });
}

function of(deployment: Deployment, type: string, apiId: string): Properties[] {
  return deployment
    .resources(type)
    .map(({ properties }) => properties)
    .filter(({ RestApiId }) => RestApiId === apiId);
}

function functionOf({ Type, Uri }: Properties): string {
  const [, arn] = /\/functions\/(arn:[^/]+)\/invocations$/.exec(String(Uri)) ?? [];
  if (Type === 'AWS_PROXY' && arn) return arn;
  throw new Error(`the local API Gateway has no integration ${Type} ${Uri}`);
}
