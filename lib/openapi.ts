import {
  type AnswerName,
  answerSchemas,
  listPushesParameters,
  type RequestBodyName,
  requestBodySchema,
} from '../lambda/contract/api-schemas';
import { EXAMPLES } from './openapi-examples';

/** The API as an OpenAPI 3.1 document, out of the schemas that the handlers parse with: docs/openapi.json. */
export function openApi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slipway',
      version,
      description: 'Puts container images from tarballs in S3 into Amazon ECR. See docs/api.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // The stack's output ApiUrl.
    servers: [
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com/v1',
        variables: { api: { default: 'api' }, region: { default: 'us-east-1' } },
      },
    ],
    security: [{ sigv4: [] }],
    paths: paths(),
    components: {
      securitySchemes: {
        // How API Gateway itself writes IAM authorization down.
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'awsSigv4',
          description: 'AWS Signature Version 4, service execute-api.',
        },
      },
      schemas: {
        CreatePush: requestBodySchema('CreatePush', 'draft-2020-12'),
        StopPush: requestBodySchema('StopPush', 'draft-2020-12'),
        PresignDrop: requestBodySchema('PresignDrop', 'draft-2020-12'),
        ...answerSchemas(),
      },
    },
  };
}

const ID = inPath('id', 'Id of the push.');
const DROP = inPath('drop', 'Prefix of a drop, without a "/" at its end; those in its midst stand as they are.');

function paths(): object {
  return {
    '/pushes': {
      post: {
        operationId: 'CreatePush',
        summary: 'Starts a push; with a client token, one push however often it is sent.',
        requestBody: takes('CreatePush'),
        responses: answers(202, 'The push is started, or was before.', 'StartedPush', 409),
      },
      get: {
        operationId: 'ListPushes',
        summary: 'Pushes, newest first.',
        parameters: Object.entries(listPushesParameters()).map(([name, schema]) => ({ name, in: 'query', schema })),
        responses: answers(200, 'A page of pushes.', 'PushList'),
      },
    },
    '/pushes/{id}': {
      get: {
        operationId: 'GetPush',
        summary: 'A push: its status, each image and layer, and the result or the diagnosis.',
        parameters: [ID],
        responses: answers(200, 'The push.', 'Push', 404),
      },
    },
    '/pushes/{id}/stop': {
      post: {
        operationId: 'StopPush',
        summary: 'Ends a push that is under way; what ECR has by then stays.',
        parameters: [ID],
        requestBody: takes('StopPush'),
        responses: answers(200, 'The push is stopped.', 'StartedPush', 404, 409),
      },
    },
    '/page': { get: page() },
    '/drops': { post: presignDrop('PresignDropOfBucket', 'A presigned upload into the drop of the whole bucket.') },
    '/drops/{drop}': {
      post: { ...presignDrop('PresignDrop', 'A presigned upload into a drop.'), parameters: [DROP] },
    },
  };
}

function presignDrop(operationId: string, summary: string): object {
  return {
    operationId,
    summary,
    requestBody: takes('PresignDrop'),
    responses: answers(201, 'A URL that takes the tarball, which then starts a push.', 'PresignedDrop', 404),
  };
}

/** The one operation that is open to everybody; the stack has it with `page: true`. */
function page(): object {
  return {
    operationId: 'ServePage',
    summary: 'The page that drops tarballs and shows pushes; there where the deployment has it.',
    security: [],
    responses: { 200: { description: 'The page.', content: { 'text/html': { schema: { type: 'string' } } } } },
  };
}

function takes(name: RequestBodyName): object {
  return { required: true, content: json(name) };
}

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request is not as it must be.',
  403: 'The request is not signed, or IAM does not allow it.',
  404: 'There is no such push or drop.',
  409: 'The token came with another request before, or the push has ended.',
  429: 'Too many requests.',
  500: 'A bug, or a fault of the deployment.',
  503: 'AWS does not answer just now.',
};

function answers(status: number, description: string, name: AnswerName, ...more: (404 | 409)[]): object {
  const problems = [400, 403, ...more, 429, 500, 503].map((code) => [
    code,
    { description: PROBLEMS[code], content: json('Problem') },
  ]);
  return { [status]: { description, content: json(name) }, ...Object.fromEntries(problems) };
}

function json(name: RequestBodyName | AnswerName): object {
  return { 'application/json': { schema: reference(name), examples: EXAMPLES[name] } };
}

function reference(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

function inPath(name: string, description: string): object {
  return { name, in: 'path', required: true, description, schema: { type: 'string' } };
}
