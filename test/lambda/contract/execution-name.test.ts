import fc from 'fast-check';
import { executionName } from '../../../lambda/contract/execution-name';

/** As S3 writes them: 32 characters of a URL-safe alphabet. */
const versionIds = fc.stringMatching(/^[A-Za-z0-9._]{32}$/);
const keys = fc.string({ unit: 'binary', minLength: 1, maxLength: 1024 });
/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const LEGAL = /^[A-Za-z0-9_-]{1,80}$/;

test('any key and version give a name that Step Functions takes', () => {
  fc.assert(fc.property(keys, fc.string(), (key, version) => LEGAL.test(executionName(key, version))));
});

test('a name is the same in every release, or an event delivered again would start a second push', () => {
  expect(executionName('team-a/app/1.4.2.tar', 'L4kqtJlcpXroDTDmpUMLUo')).toBe(
    'team-a_app_1_4_2_tar-56e5a1774305e79dcbbf1274',
  );
});

test('two versions of one key never share a name', () => {
  fc.assert(
    fc.property(keys, versionIds, versionIds, (key, one, other) => {
      fc.pre(one !== other);
      return executionName(key, one) !== executionName(key, other);
    }),
  );
});

test('versions that differ in one character that no name may have do not share a name', () => {
  expect(executionName('app/1.tar', 'a.b')).not.toBe(executionName('app/1.tar', 'a_b'));
});

test('two keys of one version never share a name', () => {
  fc.assert(
    fc.property(keys, keys, versionIds, (one, other, id) => {
      fc.pre(one !== other);
      return executionName(one, id) !== executionName(other, id);
    }),
  );
});

test.each([
  ['team-a/app/1.4.2.tar', 'team-b/app/1.4.2.tar'],
  ['app.1.tar', 'app_1.tar'],
  ['app/ä.tar', 'app/ö.tar'],
  [`a${'x'.repeat(100)}/1.tar`, `b${'x'.repeat(100)}/1.tar`],
])('%s and %s do not share a name, even under one sequencer', (one, other) => {
  expect(executionName(one, '0055AED6DCD90281E5')).not.toBe(executionName(other, '0055AED6DCD90281E5'));
});
