import fc from 'fast-check';
import { matchesPattern } from '../../../lambda/image/repository-pattern';

test.each([
  ['team-a/*', 'team-a/app', true],
  ['team-a/*', 'team-a/deep/app', true],
  ['team-a/*', 'team-ab/app', false],
  ['team-a/*', 'team-a', false],
  ['*', 'anything/at/all', true],
  ['*/app', 'team/app', true],
  ['*-dev/*', 'a-dev/b', true],
  ['a*a', 'a', false],
  ['a*b*c', 'acbc', true],
  ['a*b*b', 'ab', false],
  ['a.b', 'axb', false],
  ['app', 'app', true],
])('%s on %s: %p', (pattern, repository, matches) => {
  expect(matchesPattern(pattern, repository)).toBe(matches);
});

test('agrees with the regular expression that the pattern stands for', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const repository = text.replaceAll('*', '-');
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(repository);
      return matchesPattern(pattern, repository) === expected;
    }),
  );
});
