import { type RestApi, routeTo } from '../../../local/api/rest-api';

const method = (httpMethod: string, resource: string) => ({
  httpMethod,
  resource,
  functionArn: `${httpMethod} ${resource}`,
  isSigned: true,
});

const api: RestApi = {
  id: 'abc',
  stage: 'v1',
  responses: [],
  methods: [
    method('GET', '/things/{id}'),
    method('GET', '/things/{id+}'),
    method('GET', '/things/all'),
    method('POST', '/things/{id}/stop'),
  ],
};

test.each([
  ['GET', '/things/all', 'GET /things/all', {}],
  ['GET', '/things/5', 'GET /things/{id}', { id: '5' }],
  ['GET', '/things/5%206', 'GET /things/{id}', { id: '5 6' }],
  ['GET', '/things/5/6', 'GET /things/{id+}', { id: '5/6' }],
  ['POST', '/things/5/stop', 'POST /things/{id}/stop', { id: '5' }],
])('%s %s leads to %s', (verb, path, functionArn, pathParameters) => {
  expect(routeTo(api, verb, path)).toMatchObject({ method: { functionArn }, pathParameters });
});

test.each([
  ['DELETE', '/things/5'],
  ['GET', '/thing/5'],
  ['GET', '/things'],
  ['POST', '/things/5/6/stop'],
])('%s %s leads nowhere', (verb, path) => {
  expect(routeTo(api, verb, path)).toBeUndefined();
});
