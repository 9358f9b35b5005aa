import { Aws, Duration } from 'aws-cdk-lib';
import {
  AuthorizationType,
  LambdaIntegration,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { type Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledged';
import { HandlerFunction } from './handler-function';
import { type CompleteSurroundings, grantPermissions } from './permission';
import { PERMISSIONS } from './permissions';

const PATH = 'page';

/** Anybody may ask for the page, and is not to use up what there is for those who sign. */
export const PAGE_THROTTLE: Record<string, MethodDeploymentOptions> = {
  [`/${PATH}/GET`]: {
    throttlingRateLimit: 5,
    throttlingBurstLimit: 10,
    loggingLevel: MethodLoggingLevel.ERROR,
    dataTraceEnabled: false,
    metricsEnabled: true,
  },
};

/**
 * Lets an API serve the page, and the page upload into a new drop bucket; one that was there before has rules of its
 * owner's. The function has the page with it, and may do nothing.
 * @returns the address of the page
 */
export function addPage(scope: Construct, api: RestApi, surroundings: CompleteSurroundings): string {
  const { dropBucket, isForeignDropBucket } = surroundings;
  const servePage = new HandlerFunction(scope, 'ServePage', {
    memorySize: 256,
    timeout: Duration.seconds(10),
    environment: {
      SLIPWAY_UPLOAD_ORIGINS: [
        `https://${dropBucket.bucketRegionalDomainName}`,
        // Of a bucket with a dot in its name.
        `https://s3.${Aws.REGION}.${Aws.URL_SUFFIX}/${dropBucket.bucketName}/`,
      ].join(' '),
    },
  });
  grantPermissions(servePage, PERMISSIONS.ServePage, surroundings);
  const method = api.root.addResource(PATH).addMethod('GET', new LambdaIntegration(servePage, TEST_IS_OFF), {
    operationName: 'ServePage',
    authorizationType: AuthorizationType.NONE,
  });
  acknowledge(method, 'AwsSolutions-APIG4');
  if (!isForeignDropBucket) allowUploads(dropBucket as Bucket, api);
  return `${api.url}${PATH}`;
}

const TEST_IS_OFF = { allowTestInvoke: false };

/** What a browser asks S3 before the page of this API may upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html */
function allowUploads(dropBucket: Bucket, api: RestApi): void {
  dropBucket.addCorsRule({
    id: 'Page',
    allowedOrigins: [`https://${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`],
    allowedMethods: [HttpMethods.PUT],
    // By the version the page knows the push.
    exposedHeaders: ['x-amz-version-id'],
    maxAge: 300,
  });
}
