import { Match, Template } from 'aws-cdk-lib/assertions';
import { sharedAssembly } from '../support/shared-assembly';

const template = Template.fromJSON({ ...sharedAssembly().template });

test('unpacked tarballs go after seven days, and uploads that were never completed after one', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([
        Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
        Match.objectLike({ Prefix: 'unpacked/', ExpirationInDays: 7, Status: 'Enabled' }),
      ]),
    },
  });
});

test('InspectTarball alone may write unpacked tarballs', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const writers = policies.filter((policy) => JSON.stringify(policy).includes('/unpacked/*'));
  expect(writers.map(({ Properties }) => Properties.PolicyName)).toEqual([expect.stringContaining('InspectTarball')]);
  expect(JSON.stringify(writers)).toContain('s3:Abort*');
});

test('every step that reads the source of a push may read the work bucket', () => {
  for (const step of [
    'InspectTarball',
    'StageLayer',
    'VerifyPack',
    'UploadSmallLayers',
    'UploadLayerParts',
    'PutImage',
  ]) {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp(step),
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: Match.arrayWith(['s3:GetObject*']),
            Resource: Match.arrayWith([{ 'Fn::GetAtt': [Match.stringLikeRegexp('WorkBucket'), 'Arn'] }]),
          },
        ]),
      },
    });
  }
});
