import { Duration } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type MethodOptions,
  RequestValidator,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged';
import { type ApiFunctions, apiFunctions } from './api-functions';
import { functionSettings } from './function-settings';
import { addGatewayResponses } from './gateway-responses';
import { addPage, PAGE_THROTTLE } from './page';
import type { CompleteSurroundings } from './permission';
import { addRequestModels, type RequestModels } from './request-models';

export interface PushApiProps extends CompleteSurroundings {
  /**
   * Requests a second that are let through, all callers together.
   * @default 20
   */
  readonly requestsPerSecond?: number | undefined;
  /**
   * Requests that may come at once.
   * @default 40
   */
  readonly burst?: number | undefined;
  /**
   * Whether to set the role by which API Gateway writes logs: one for all APIs of the account in this region.
   * @default true
   */
  readonly setsLogRole?: boolean | undefined;
  /**
   * Whether it serves the page.
   * @default false
   */
  readonly page?: boolean | undefined;
}

const STAGE = 'v1';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  caller: '$context.identity.userArn',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  error: '$context.error.responseType',
};

/** Starts, follows, lists and stops pushes over HTTPS, and lets tarballs be dropped; callers are known by IAM. */
export class PushApi extends Construct {
  /** The REST API, with its address. */
  readonly restApi: RestApi;
  /** What answers, by the name of the operation. */
  readonly functions: ApiFunctions;
  /** Where browsers find the page, if there is one. */
  readonly pageUrl?: string;

  constructor(scope: Construct, id: string, props: PushApiProps) {
    super(scope, id);
    this.functions = apiFunctions(this, props);
    this.restApi = restApi(this, props);
    addGatewayResponses(this.restApi);
    const models = addRequestModels(this.restApi);
    addMethods(this.restApi, this.functions, models);
    if (props.page) this.pageUrl = addPage(this, this.restApi, props);
    acknowledge(
      this.restApi,
      'AwsSolutions-APIG3',
      'AwsSolutions-COG4',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    );
  }

  /** Lets a principal start pushes and follow them. */
  grantStartPush(grantee: IGrantable): Grant {
    return this.grantInvoke(grantee, 'POST/pushes', 'GET/pushes/*');
  }

  /** Lets a principal list pushes and follow each. */
  grantReadPushes(grantee: IGrantable): Grant {
    return this.grantInvoke(grantee, 'GET/pushes', 'GET/pushes/*');
  }

  /** Lets a principal stop pushes. */
  grantStopPush(grantee: IGrantable): Grant {
    return this.grantInvoke(grantee, 'POST/pushes/*/stop');
  }

  /** Lets a principal ask for uploads into one drop, by its prefix; '' is the drop of the whole bucket. */
  grantPresignDrop(grantee: IGrantable, prefix: string): Grant {
    return this.grantInvoke(grantee, `POST/${['drops', ...prefix.split('/')].filter(Boolean).join('/')}`);
  }

  /** @param operations method and path, such as `GET/pushes/*` */
  private grantInvoke(grantee: IGrantable, ...operations: string[]): Grant {
    const resourceArns = operations.map((operation) => {
      const [method = '', ...path] = operation.split('/');
      return this.restApi.arnForExecuteApi(method, `/${path.join('/')}`, STAGE);
    });
    return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns });
  }
}

function restApi(scope: Construct, props: PushApiProps): RestApi {
  const { requestsPerSecond = 20, burst = 40, setsLogRole = true, page = false } = props;
  const { logRetention, logRemovalPolicy, logKey, tracing } = functionSettings(scope);
  const accessLog = new LogGroup(scope, 'AccessLog', {
    retention: logRetention,
    removalPolicy: logRemovalPolicy,
    ...(logKey && { encryptionKey: logKey }),
  });
  const api = new RestApi(scope, 'RestApi', {
    restApiName: 'slipway',
    description: 'Slipway: pushes and drops',
    endpointTypes: [EndpointType.REGIONAL],
    cloudWatchRole: setsLogRole,
    defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
    deployOptions: {
      stageName: STAGE,
      throttlingRateLimit: requestsPerSecond,
      throttlingBurstLimit: burst,
      accessLogDestination: new LogGroupLogDestination(accessLog),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      // Failures only, and no bodies.
      loggingLevel: MethodLoggingLevel.ERROR,
      dataTraceEnabled: false,
      metricsEnabled: true,
      tracingEnabled: tracing,
      ...(page && { methodOptions: PAGE_THROTTLE }),
    },
  });
  // The stack says the address under a name that the command line knows.
  api.node.tryRemoveChild('Endpoint');
  return api;
}

function addMethods(api: RestApi, functions: ApiFunctions, models: RequestModels): void {
  const validator = new RequestValidator(api, 'Validator', {
    restApi: api,
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  const add = (on: IResource, method: string, name: keyof ApiFunctions, options: MethodOptions = {}) =>
    on.addMethod(
      method,
      new LambdaIntegration(functions[name], { allowTestInvoke: false, timeout: Duration.seconds(29) }),
      { operationName: name, requestValidator: validator, ...options },
    );
  const body = (name: keyof RequestModels): MethodOptions => ({
    requestModels: { 'application/json': models[name] },
  });
  const pushes = api.root.addResource('pushes');
  const push = pushes.addResource('{id}');
  const drops = api.root.addResource('drops');
  add(pushes, 'POST', 'CreatePush', body('CreatePush'));
  add(pushes, 'GET', 'ListPushes');
  add(push, 'GET', 'GetPush');
  add(push.addResource('stop'), 'POST', 'StopPush', body('StopPush'));
  add(drops, 'POST', 'PresignDrop', body('PresignDrop'));
  add(drops.addResource('{drop+}'), 'POST', 'PresignDrop', body('PresignDrop'));
}
