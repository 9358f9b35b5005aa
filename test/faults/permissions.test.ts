import { denyEach } from './permissions/deny-each';
import { grants } from './permissions/granted';

test('the workflow has actions on S3, ECR and KMS, and none by a wildcard', () => {
  expect(new Set(grants.map(({ action }) => action.split(':')[0]))).toEqual(new Set(['s3', 'ecr', 'kms']));
  expect(grants.filter(({ action }) => action.includes('*'))).toEqual([]);
});

denyEach(/^(ecr|kms):/);
