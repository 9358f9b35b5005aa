import type { StateEvent } from '../../../lambda/contract/state-output';
import { remembered, stepUnderWay } from '../../../lambda/handlers/wiring/step-under-way';

async function* newestFirst(...events: StateEvent[]): AsyncGenerator<StateEvent> {
  yield* events;
}

test('the step under way is the newest of those that people are told of, not a state inside of it', async () => {
  const events = newestFirst(
    { entered: 'UploadLayerParts' },
    { output: { index: 0 } },
    { entered: 'UploadLayers' },
    { entered: 'VerifyLayers' },
  );
  expect(await stepUnderWay(events)).toBe('UploadLayers');
});

test('before the first step there is none', async () => {
  expect(await stepUnderWay(newestFirst())).toBeUndefined();
});

test('several readers see the same events, each of which is asked for once, and no sooner than it is read', async () => {
  let asked = 0;
  async function* events() {
    for (asked = 1; ; asked++) yield asked;
  }
  const known = remembered(events());
  const first = async (count: number) => {
    const seen: number[] = [];
    for await (const event of known) if (seen.push(event) === count) break;
    return seen;
  };
  expect(await first(2)).toEqual([1, 2]);
  expect(asked).toBe(2);
  expect(await first(3)).toEqual([1, 2, 3]);
  expect(asked).toBe(3);
});
