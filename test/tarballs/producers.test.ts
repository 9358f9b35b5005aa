import { PRODUCERS, SECTIONS } from '../fixtures';
import { keyOf, pushEach } from './matrix';

test('each fixture has a key of its own', () => {
  const keys = SECTIONS.flatMap(([, fixtures]) => fixtures.map((fixture) => keyOf(fixture, fixture.make())));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

pushEach(PRODUCERS);
