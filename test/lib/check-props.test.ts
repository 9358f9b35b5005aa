import { Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { PropsInvalid, Slipway, type SlipwayProps } from '../../lib';
import { quickApp } from '../support/apps';

const SOUND: SlipwayProps = { drops: [{ prefix: 'team-a/', repositories: ['team-a/*'] }] };

/** What the constructor says to these props beside sound ones. */
function refusal(props: Partial<SlipwayProps>, stack = new Stack(quickApp(), 'Stack')): string {
  try {
    new Slipway(stack, 'Slipway', { ...SOUND, ...props });
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(PropsInvalid);
    return (error as PropsInvalid).message;
  }
}

const creating = (createRepositories: object) => ({
  drops: [{ prefix: 'a', repositories: ['team-a/*'], createRepositories }],
});
const drop = (prefix: string, more = {}) => ({ drops: [{ prefix, repositories: ['team-a/*'], ...more }] });

test.each<[string, Partial<SlipwayProps>, string]>([
  ['no drop', { drops: [] }, 'drops: there is none'],
  ['a prefix with a first "/"', drop('/team-a'), 'drops[0].prefix: "/team-a" is no folder'],
  ['a prefix with an empty segment', drop('team-a//b'), 'drops[0].prefix: "team-a//b" is no folder'],
  ['a prefix with a wildcard', drop('team-*/'), 'is taken literally'],
  [
    'a repository in upper case',
    drop('a', { repositories: ['Team/*'] }),
    'drops[0].repositories.0: "Team/*" is no pattern',
  ],
  ['no repository', drop('a', { repositories: [] }), 'drops[0].repositories: there is none'],
  ['a tag that ECR does not take', drop('a', { tags: ['-1'] }), 'drops[0].tags.0: "-1" is no pattern of a tag'],
  ['what is no address', drop('a', { notifyEmails: ['team-a'] }), 'drops[0].notifyEmails: "team-a" is no address'],
  [
    'a repository to be created in upper case',
    creating({ repositories: ['A'] }),
    'drops[0].createRepositories.repositories.0: "A" is no pattern',
  ],
  [
    'a repository to be created that the drop may not push to',
    creating({ repositories: ['team-*'] }),
    'drops[0].createRepositories.repositories: the drop may not push to all of "team-*"',
  ],
  [
    'a list of none to be created',
    creating({ repositories: [] }),
    'drops[0].createRepositories.repositories: there is none; leave createRepositories out',
  ],
  [
    'a setting that repositories do not have',
    creating({ immutable: true }),
    'drops[0].createRepositories: it has no immutable',
  ],
  [
    'a tag of AWS itself',
    creating({ tags: { 'aws:team': 'a' } }),
    'drops[0].createRepositories.tags: "aws:team" is none that ECR takes',
  ],
  [
    'a tag with a value of 257 characters',
    creating({ tags: { team: 'a'.repeat(257) } }),
    'drops[0].createRepositories.tags: "team" is none that ECR takes',
  ],
  [
    '51 tags',
    creating({ tags: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`tag-${at}`, ''])) }),
    'drops[0].createRepositories.tags: there are more than 50',
  ],
  ['what is no key', creating({ encryptionKey: 'alias/key' }), 'createRepositories.encryptionKey: it is no key of'],
  [
    'more drops than the environment of a function takes',
    { drops: Array.from({ length: 80 }, (_, at) => ({ prefix: `team-${at}/`, repositories: [`team-${at}/*`] })) },
    "Lambda's environment has room for 3500",
  ],
  ['a registry that is no account', { registries: ['1234'] }, 'registries: "1234" is no account id'],
  ['endpoints without a VPC', { vpcEndpoints: true }, 'vpcEndpoints: there is no vpc'],
  ['a page of no API', { page: true }, 'page: is served by the API, and there is none; set api: true'],
  ['throttling of no API', { apiBurst: 1 }, 'apiBurst: there is no api'],
  ['a topic for no alarms', { alarms: false, alarmTopic: {} as never }, 'alarmTopic: is told of alarms'],
  ['memory for a step that is not there', { memorySizes: { Upload: 512 } }, 'memorySizes: there is no step "Upload"'],
  ['too little memory', { memorySizes: { PutImage: 64 } }, 'memorySizes.PutImage: 64 is no whole number of 128'],
  ['half a layer at once', { layerConcurrency: 0.5 }, 'layerConcurrency: 0.5 is no whole number'],
])('%s is refused when the app is synthesized', (_, props, message) => {
  expect(refusal(props)).toContain(message);
});

test('a prefix that is given twice is refused, with and without its last "/"', () => {
  const drops = ['team-a', 'team-a/'].map((prefix) => ({ prefix, repositories: ['x'] }));
  expect(refusal({ drops })).toContain('drops[1].prefix: "team-a/" is given twice');
});

test('a policy for a bucket that is not made here is refused', () => {
  const dropBucket = Bucket.fromBucketName(new Stack(quickApp(), 'Other'), 'Bucket', 'theirs');
  expect(refusal({ dropBucket, dropBucketKey: {} as never })).toContain('dropBucketKey: is for a new bucket');
});

test.each([
  ['eu-west-1', "it is in eu-west-1, and ECR takes keys of the repositories' own region, eu-central-1, alone"],
  ['eu-central-1', 'none'],
])('a key of %s for repositories of a stack in eu-central-1: %s', (region, message) => {
  const stack = new Stack(quickApp(), 'Stack', { env: { region: 'eu-central-1', account: '111122223333' } });
  const encryptionKey = Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${region}:111122223333:key/theirs`);
  expect(refusal(creating({ encryptionKey }), stack)).toContain(message);
});

test('all that is wrong is said at once, and where', () => {
  const message = refusal({ registries: ['x'], layerConcurrency: 0 });
  expect(message).toMatch(/^Stack\/Slipway cannot be made so:\n- registries: .*\n- layerConcurrency: /);
});

test('sound props are taken', () => {
  expect(refusal({ pushTimeout: Duration.hours(4), memorySizes: { SendNotice: 512 } })).toBe('none');
});
