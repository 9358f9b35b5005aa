import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Slipway, type SlipwayProps } from '../../lib';

const SOUND: SlipwayProps = { drops: [{ prefix: 'team-a/', repositories: ['team-a/*'] }] };

/** What the constructor says to these props beside sound ones. */
function refusal(props: Partial<SlipwayProps>): string {
  const stack = new Stack(new App(), 'Stack');
  try {
    new Slipway(stack, 'Slipway', { ...SOUND, ...props });
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

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
  ['a creatable repository in upper case', { createRepositories: ['A'] }, 'createRepositories: "A" is no pattern'],
  ['tags for repositories that are never created', { immutableTags: true }, 'immutableTags: is for repositories that'],
  ['a registry that is no account', { registries: ['1234'] }, 'registries: "1234" is no account id'],
  ['endpoints without a VPC', { vpcEndpoints: true }, 'vpcEndpoints: there is no vpc'],
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
  const dropBucket = Bucket.fromBucketName(new Stack(new App(), 'Other'), 'Bucket', 'theirs');
  expect(refusal({ dropBucket, dropBucketKey: {} as never })).toContain('dropBucketKey: is for a new bucket');
});

test('all that is wrong is said at once, and where', () => {
  const message = refusal({ registries: ['x'], layerConcurrency: 0 });
  expect(message).toMatch(/^Stack\/Slipway cannot be made so:\n- registries: .*\n- layerConcurrency: /);
});

test('sound props are taken', () => {
  expect(refusal({ pushTimeout: Duration.hours(4), memorySizes: { SendNotice: 512 } })).toBe('none');
});
