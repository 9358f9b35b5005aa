import { credentialsIn } from '../../page/credentials';

const [ACCESS_KEY_ID, SECRET, TOKEN] = ['ASIAEXAMPLE', 'wJalr/XUtn+FEMI', 'IQoJb3JpZ2luX2VjEJr//+A='];
const ALL = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET, sessionToken: TOKEN };
const FIELDS = { AccessKeyId: ACCESS_KEY_ID, SecretAccessKey: SECRET, SessionToken: TOKEN };
const VARIABLES = [
  ['AWS_ACCESS_KEY_ID', ACCESS_KEY_ID],
  ['AWS_SECRET_ACCESS_KEY', SECRET],
  ['AWS_SESSION_TOKEN', TOKEN],
] as const;
const lines = (line: (name: string, value: string) => string) =>
  VARIABLES.map(([name, value]) => line(name, value)).join('\n');

test.each([
  ['aws configure export-credentials', JSON.stringify({ Version: 1, ...FIELDS, Expiration: '2026-01-01T00:00:00Z' })],
  ['aws sts assume-role', JSON.stringify({ Credentials: FIELDS, AssumedRoleUser: { Arn: 'a' } }, undefined, 4)],
  ['export-credentials --format env', lines((name, value) => `export ${name}=${value}`)],
  ['the access portal', lines((name, value) => `export ${name}="${value}"`)],
  ['export-credentials --format powershell', lines((name, value) => `$Env:${name}="${value}"`)],
  ['export-credentials --format windows-cmd', lines((name, value) => `set ${name}=${value}`)],
  ['a credentials file', `[p]\n${lines((name, value) => `${name.toLowerCase()} = ${value}`)}\nregion = us-east-1`],
])('what %s prints is understood', (_, pasted) => {
  expect(credentialsIn(pasted)).toEqual(ALL);
});

test('credentials of a user have no token', () => {
  expect(credentialsIn(`aws_access_key_id=${ACCESS_KEY_ID}\naws_secret_access_key=${SECRET}`)).toEqual({
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: SECRET,
  });
});

test.each(['', 'team-a/app:1.4.2', 'AWS_ACCESS_KEY_ID=ASIAEXAMPLE', 'AWS_SECRET_ACCESS_KEY='])(
  'in %j there are none',
  (pasted) => {
    expect(credentialsIn(pasted)).toBeUndefined();
  },
);
