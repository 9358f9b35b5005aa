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
  expect(rolesThatMay('s3:PutObject')).toEqual([expect.stringContaining('InspectTarball')]);
  expect(rolesThatMay('s3:AbortMultipartUpload')).toEqual([expect.stringContaining('InspectTarball')]);
});

test.each(['InspectTarball', 'StageLayer', 'VerifyPack', 'UploadSmallLayers', 'UploadLayerParts', 'PutImage'])(
  '%s, which reads the source of a push, may read unpacked tarballs',
  (step) => {
    expect(rolesThatMay('s3:GetObject')).toContainEqual(expect.stringContaining(step));
  },
);

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function rolesThatMay(action: string): string[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) =>
      (Properties.PolicyDocument.Statement as Statement[]).some(
        ({ Action, Resource }) => [Action].flat().includes(action) && JSON.stringify(Resource).includes('/unpacked/*'),
      ),
    )
    .map(({ Properties }) => String(Properties.PolicyName));
}
