import { deploy } from '../../local/template';

const PLACE = { stackName: 'Stack', accountId: '000000000000', region: 'us-east-1' };

/** What a value of a template comes to in a deployment that has one of each resource. */
function resolved(value: unknown): unknown {
  const template = {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket' },
      Function: { Type: 'AWS::Lambda::Function' },
      Machine: { Type: 'AWS::StepFunctions::StateMachine' },
      Queue: { Type: 'AWS::SQS::Queue' },
      Asked: { Type: 'Test::Asked', Properties: { value } },
    },
  };
  return deploy(template, PLACE).resources('Test::Asked')[0]?.properties.value;
}

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Stack-Machine';

test.each([
  ['Ref of a bucket is its name, in small letters', { Ref: 'Bucket' }, 'stack-bucket'],
  ['Ref of a state machine is its ARN', { Ref: 'Machine' }, MACHINE],
  ['Ref of a pseudo parameter', { Ref: 'AWS::AccountId' }, '000000000000'],
  ['GetAtt Arn of a bucket', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::stack-bucket'],
  ['GetAtt QueueName', { 'Fn::GetAtt': ['Queue', 'QueueName'] }, 'Stack-Queue'],
  ['Join, with references in it', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }]] }, 'a/us-east-1'],
  ['Sub', { 'Fn::Sub': 'x-${AWS::Region}-${Function}-${Machine.Arn}' }, `x-us-east-1-Stack-Function-${MACHINE}`],
  ['Select', { 'Fn::Select': [1, ['a', { Ref: 'Bucket' }]] }, 'stack-bucket'],
  ['Split, of a reference', { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Machine' }] }] }, 'Stack-Machine'],
  ['what is no reference stays', { Ref: 'Bucket', more: [1, null, true] }, { Ref: 'Bucket', more: [1, null, true] }],
])('%s', (_, value, expected) => {
  expect(resolved(value)).toEqual(expected);
});

test('a reference to what is not there is an error', () => {
  expect(() => resolved({ Ref: 'Nobody' })).toThrow('refers to Nobody');
  expect(() => resolved({ 'Fn::GetAtt': ['Bucket', 'WebsiteURL'] })).toThrow('asks for Bucket.WebsiteURL');
});

test('outputs are resolved, and the name of a bucket is no longer than S3 takes', () => {
  const long = 'B'.repeat(80);
  const template = { Resources: { [long]: { Type: 'AWS::S3::Bucket' } }, Outputs: { Name: { Value: { Ref: long } } } };
  expect(deploy(template, PLACE).outputs).toEqual({ Name: `stack-${'b'.repeat(57)}` });
});
