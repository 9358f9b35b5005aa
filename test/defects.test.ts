import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFECTS } from './faults/bed/defects';

// `npm run test:mutations` takes minutes; that its edits still fit the sources shows at once.
test.each(DEFECTS)('the defect "$name" can be put into the sources', ({ edits }) => {
  for (const { file, from, to } of edits) {
    const places = readFileSync(join(__dirname, '..', file), 'utf8').split(from).length - 1;
    expect({ file, from, places }).toEqual({ file, from, places: 1 });
    expect(to).not.toBe(from);
  }
});
