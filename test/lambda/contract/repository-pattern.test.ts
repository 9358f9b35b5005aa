import fc from 'fast-check';
import { coversPattern, matchesPattern } from '../../../lambda/contract/repository-pattern';

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

test('a pattern covers another only where it matches every name that the other stands for', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 6 });
  fc.assert(
    fc.property(letters, letters, letters, (wide, narrow, filling) => {
      const name = narrow.replaceAll('*', filling.replaceAll('*', '-'));
      return !coversPattern(wide, narrow) || matchesPattern(wide, name);
    }),
  );
});

test.each([
  ['*', 'team-*/app', true],
  ['team-a/*', 'team-a/app', true],
  ['team-a/*', 'team-a/new-*', true],
  ['team-a/*', 'team-a/*', true],
  ['team-a/*', 'team-*', false],
  ['team-a/app', 'team-a/*', false],
])('%s covers %s: %p', (wide, narrow, covers) => {
  expect(coversPattern(wide, narrow)).toBe(covers);
});
