import { parseReference, parseRefName } from '../../../lambda/image/reference';

test.each([
  ['docker.io/library/x:1', 'x', '1'],
  ['index.docker.io/library/x:1', 'x', '1'],
  ['docker.io/team/x:1', 'team/x', '1'],
  ['library/x:1', 'x', '1'],
  ['x:1', 'x', '1'],
  ['team/x', 'team/x', 'latest'],
  ['localhost/x:1', 'x', '1'],
  ['localhost:5000/x:1', 'x', '1'],
  ['registry.example:5000/library/x', 'library/x', 'latest'],
  ['ghcr.io/a/b/c:1.2', 'a/b/c', '1.2'],
  ['ghcr.io/a/b@sha256:abc', 'a/b', undefined],
  ['ghcr.io/a/b:1@sha256:abc', 'a/b', '1'],
  ['index.docker.io/grafana/grafana:i-was-a-digest', 'grafana/grafana', undefined],
])('%s is %s with tag %s', (text, repository, tag) => {
  expect(parseReference(text)).toEqual({ text, repository, ...(tag === undefined ? {} : { tag }) });
});

test.each(['', '<none>:<none>', 'docker.io/unset-repo/unset-image-name:latest', ':1', '@sha256:abc'])(
  '"%s" names nothing',
  (text) => {
    expect(parseReference(text)).toBeUndefined();
  },
);

test('ref.name is a tag unless it has a "/", ":" or "@"', () => {
  expect(parseRefName('1.0')).toEqual({ text: '1.0', tag: '1.0' });
  expect(parseRefName('x:1.0')).toMatchObject({ repository: 'x', tag: '1.0' });
  expect(parseRefName('ghcr.io/team/x')).toMatchObject({ repository: 'team/x', tag: 'latest' });
  expect(parseRefName('')).toBeUndefined();
});
