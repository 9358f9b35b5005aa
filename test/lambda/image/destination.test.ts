import type { Drop } from '../../../lambda/contract/drop';
import { BlobMissing } from '../../../lambda/contract/errors';
import { type DestinationInput, destinationsFor } from '../../../lambda/image/destination';
import { parseReference } from '../../../lambda/image/reference';

const EVERYWHERE: Drop[] = [{ prefix: '', repositories: ['*'] }];

function image(...names: string[]): DestinationInput['images'][number] {
  return { name: names[0] ?? 'unnamed', names: names.map(parseReference).filter((name) => name !== undefined) };
}

function decide(input: Partial<DestinationInput>) {
  const images = input.images ?? [image('inside/name:9')];
  return destinationsFor({ images, key: 'x.tar', request: {}, metadata: {}, drops: EVERYWHERE, ...input });
}

function shown(input: Partial<DestinationInput>): string[] {
  return decide(input).map(({ image: at, repository, tags, fault }) => {
    return [`${at} ${repository}:${tags.join(',')}`, ...(fault ? [fault.name] : [])].join(' ');
  });
}

function failure(input: Partial<DestinationInput>): string {
  try {
    return `no error but ${shown(input).join(' ')}`;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

describe('one image in a folder', () => {
  test.each([
    'team-a/app/1.4.2.tar',
    'team-a/app/1.4.2.tar.gz',
    'team-a/app/1.4.2.TGZ',
    'team-a/app/1.4.2.tar.zst',
    'team-a/app/1.4.2.tzst',
    'team-a/app/1.4.2.tar.xz',
    'team-a/app/1.4.2.txz',
    'team-a/app/1.4.2.tar.bz2',
    'team-a/app/1.4.2.oci',
    'team-a/app/1.4.2.oci.tar',
    'team-a/app/1.4.2',
  ])('goes where its key says: %s', (key) => {
    expect(shown({ key })).toEqual(['0 team-a/app:1.4.2']);
  });

  test('needs no name inside', () => {
    expect(shown({ key: 'app/1.tar', images: [image()] })).toEqual(['0 app:1']);
  });

  test('goes where the request says, then the metadata, then the key', () => {
    const key = 'team-a/app/1.tar';
    const metadata = { 'slipway-repository': 'team-a/meta', 'slipway-tags': '2, 3,2' };
    expect(shown({ key, metadata })).toEqual(['0 team-a/meta:2,3']);
    expect(shown({ key, metadata, request: { repository: 'team-a/asked' } })).toEqual(['0 team-a/asked:2,3']);
    expect(shown({ key, metadata, request: { tags: ['4'] } })).toEqual(['0 team-a/meta:4']);
    expect(shown({ key, request: { repository: 'team-a/asked' } })).toEqual(['0 team-a/asked:1']);
    expect(shown({ key, metadata: { 'slipway-repository': '', 'slipway-tags': ' ' } })).toEqual(['0 team-a/app:1']);
  });
});

describe('one image at the top of the bucket', () => {
  test('goes where its names inside say', () => {
    const images = [image('docker.io/library/app:1', 'app:latest', 'ghcr.io/team/app:1')];
    expect(shown({ images })).toEqual(['0 app:1,latest', '0 team/app:1']);
  });

  test('takes its tags from inside where only a repository is asked for', () => {
    expect(shown({ request: { repository: 'asked' } })).toEqual(['0 asked:9']);
  });

  test('is pushed without a tag where it is named by digest', () => {
    expect(shown({ images: [image('ghcr.io/team/app@sha256:abc')] })).toEqual(['0 team/app:']);
  });

  test('must be named somewhere: KeyInvalid', () => {
    expect(failure({ images: [image()] })).toBe('KeyInvalid');
    expect(failure({ images: [image()], request: { repository: 'asked' } })).toBe('KeyInvalid');
    expect(failure({ images: [{ name: 'x', names: [{ text: '1', tag: '1' }] }] })).toBe('KeyInvalid');
    expect(shown({ images: [image()], request: { repository: 'asked', tags: ['1'] } })).toEqual(['0 asked:1']);
  });
});

describe('several images', () => {
  const images = [image('docker.io/team/one:1', 'team/one:latest'), image('two:2')];

  test('go under the folder of the key by their own names', () => {
    expect(shown({ key: 'air/gap/bundle.tar', images })).toEqual(['0 air/gap/team/one:1,latest', '1 air/gap/two:2']);
  });

  test('go under the repository that is asked for', () => {
    expect(shown({ key: 'x/y.tar', images, request: { repository: 'mirror' } })).toEqual([
      '0 mirror/team/one:1,latest',
      '1 mirror/two:2',
    ]);
  });

  test('go by their own names alone from the top of the bucket', () => {
    expect(shown({ images })).toEqual(['0 team/one:1,latest', '1 two:2']);
  });

  test('named by tags alone become tags of the folder', () => {
    const tagged = ['1', '2'].map((tag) => ({ name: tag, names: [{ text: tag, tag }] }));
    expect(shown({ key: 'app/all.tar', images: tagged })).toEqual(['0 app:1', '1 app:2']);
    expect(failure({ images: tagged })).toBe('KeyInvalid');
  });

  test('take no tags from request or metadata: RequestInvalid', () => {
    expect(failure({ images, request: { tags: ['1'] } })).toBe('RequestInvalid');
    expect(failure({ images, metadata: { 'slipway-tags': '1' } })).toBe('RequestInvalid');
  });

  test('must each have a name: one without is set aside, and thrown where there is no other', () => {
    const decided = shown({ key: 'app/all.tar', images: [image('one:1'), image()] });
    expect(decided).toEqual(['0 app/one:1', '1 : KeyInvalid']);
    expect(failure({ key: 'app/all.tar', images: [image(), image()] })).toBe('KeyInvalid');
  });

  test('with a broken one among them go where they would go beside a sound one', () => {
    const fault = new BlobMissing({ found: 'nothing', remedy: 'None.' });
    const decided = shown({ key: 'app/all.tar', images: [image('one:1'), { ...image('two:2'), fault }] });
    expect(decided).toEqual(['0 app/one:1', '1 app/two:2 BlobMissing']);
  });

  test('with a tag that ECR refuses set that image aside', () => {
    const images = [image('one:1'), { name: 'two', names: [{ text: 'two:+', repository: 'two', tag: '+' }] }];
    expect(shown({ images })).toEqual(['0 one:1', '1 two:+ TagInvalid']);
  });
});

test('a referrer goes untagged where its subject goes, and does not count as an image', () => {
  const images = [image('app:1', 'other:1'), { ...image(), subject: 0 }, { ...image(), subject: 1 }];
  expect(shown({ images })).toEqual(['0 app:1', '0 other:1', '1 app:', '1 other:', '2 app:', '2 other:']);
  expect(shown({ key: 'team-a/app/1.tar', images })).toEqual(['0 team-a/app:1', '1 team-a/app:', '2 team-a/app:']);
});

describe('a key is taken as it stands', () => {
  test.each([
    'a//b.tar',
    '/a/b.tar',
    'a/../b.tar',
    'a/./b.tar',
    'a/b/',
    'a/.tar',
    'Team/1.tar',
    'a b/1.tar',
    'a/x-/1.tar',
  ])('%s is KeyInvalid', (key) => {
    expect(failure({ key })).toBe('KeyInvalid');
  });

  test('a tag that ECR refuses is TagInvalid', () => {
    expect(failure({ key: 'app/1.0+build.tar' })).toBe('TagInvalid');
    expect(failure({ key: 'app/-1.tar' })).toBe('TagInvalid');
    expect(failure({ key: `app/${'1'.repeat(129)}.tar` })).toBe('TagInvalid');
    expect(failure({ key: 'app/1.tar', request: { tags: ['a b'] } })).toBe('TagInvalid');
  });

  test('a repository that is asked for and that ECR refuses is RequestInvalid', () => {
    expect(failure({ request: { repository: 'Upper' } })).toBe('RequestInvalid');
    expect(failure({ metadata: { 'slipway-repository': 'a//b' } })).toBe('RequestInvalid');
    expect(failure({ request: { repository: 'a'.repeat(257), tags: ['1'] } })).toBe('RequestInvalid');
  });
});

describe('a drop', () => {
  const drops: Drop[] = [
    { prefix: 'team-a', repositories: ['team-a/*', 'shared'] },
    { prefix: 'team-a/locked/', repositories: ['team-a/locked/only'] },
    { prefix: 'team-b/', repositories: [] },
  ];

  test('allows what its patterns match, for keys under its prefix', () => {
    expect(shown({ drops, key: 'team-a/app/1.tar' })).toEqual(['0 team-a/app:1']);
    expect(shown({ drops, key: 'team-a/app/1.tar', request: { repository: 'shared' } })).toEqual(['0 shared:1']);
  });

  test.each([
    ['a folder that begins alike', 'team-ab/app/1.tar', undefined],
    ['a repository it does not name', 'team-a/app/1.tar', 'team-b/app'],
    ['a repository that begins alike', 'team-a/app/1.tar', 'shared-too'],
    ['a repository of the shorter prefix', 'team-a/locked/other/1.tar', undefined],
    ['a drop without repositories', 'team-b/app/1.tar', undefined],
    ['an object that is named like the prefix', 'team-a', 'team-a/app'],
  ])('denies %s: DestinationDenied', (_, key, repository) => {
    expect(failure({ drops, key, request: repository === undefined ? {} : { repository } })).toBe('DestinationDenied');
  });

  test('must be there: without any, all is denied', () => {
    expect(failure({ drops: [], key: 'app/1.tar' })).toBe('DestinationDenied');
  });

  test('is asked for every image of a tarball, and for what refers to it', () => {
    const images = [image('one:1'), image('two:1'), { ...image(), subject: 1 }];
    const decided = shown({ images, drops: [{ prefix: '', repositories: ['one'] }] });
    expect(decided).toEqual(['0 one:1', '1 two:1 DestinationDenied', '2 two: BlobMissing']);
  });

  test('that allows one of two names of the only image denies it: nothing is partly there', () => {
    const images = [image('one:1', 'two:1')];
    expect(failure({ images, drops: [{ prefix: '', repositories: ['one'] }] })).toBe('DestinationDenied');
  });
});
