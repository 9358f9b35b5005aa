import { closeAll, Emulator } from './emulator';

afterEach(closeAll);

describe('over bare HTTP', () => {
  const signature = (scope: string) =>
    `AWS4-HMAC-SHA256 Credential=AKID/20260101/${scope}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  const post = (url: string, headers: Record<string, string>, body = '{}') =>
    fetch(url, {
      method: 'POST',
      body,
      headers: { 'x-amz-date': '20260101T000000Z', 'x-amz-target': 'AWSStepFunctions.ListStateMachines', ...headers },
    });

  test.each([
    ['without a signature', {}, '{}', 403, 'com.amazon.coral.service#MissingAuthenticationTokenException'],
    [
      'with another scheme',
      { authorization: 'Bearer x' },
      '{}',
      400,
      'com.amazon.coral.service#IncompleteSignatureException',
    ],
    [
      'signed for another service',
      { authorization: signature('eu-central-1/s3') },
      '{}',
      400,
      'com.amazon.coral.service#InvalidSignatureException',
    ],
    [
      'signed for another region',
      { authorization: signature('us-east-1/states') },
      '{}',
      400,
      'com.amazon.coral.service#InvalidSignatureException',
    ],
    [
      'of no known operation',
      { authorization: signature('eu-central-1/states'), 'x-amz-target': 'AWSStepFunctions.Nope' },
      '{}',
      400,
      'com.amazon.coral.service#UnknownOperationException',
    ],
    [
      'that is no JSON',
      { authorization: signature('eu-central-1/states') },
      'x',
      400,
      'com.amazon.coral.service#SerializationException',
    ],
  ])('a request %s is refused by type', async (_, headers: Record<string, string>, body, status, type) => {
    const { url } = await Emulator.open();
    const response = await post(url, headers, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(await response.json()).toMatchObject({ __type: type });
  });

  test('errors of the service have its own namespace', async () => {
    const { url } = await Emulator.open();
    const headers = {
      authorization: signature('eu-central-1/states'),
      'x-amz-target': 'AWSStepFunctions.DescribeExecution',
    };
    const response = await post(url, headers, '{"executionArn":"x"}');
    expect(await response.json()).toEqual({
      __type: 'com.amazonaws.swf.service.v2.model#InvalidArn',
      message: "Invalid Arn: 'Invalid ARN prefix: x'",
    });
  });
});
