import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './snippets';

jest.setTimeout(120_000);

// Pipelines are run by the test of pipelines.
const PIPELINES = ['github-action', 'gitlab-template'];
const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test('every pipeline is one that is run', () => {
  expect(examples).toEqual(expect.arrayContaining(PIPELINES));
});

test.each(examples.filter((name) => !PIPELINES.includes(name)))(
  'examples/%s synthesizes, and says what it is for',
  (name) => {
    const folder = join(ROOT, 'examples', name);
    const app = readFileSync(join(folder, 'app.ts'), 'utf8');
    expect(app).toMatch(/^\/\*\*[\s\S]+\*\/\n/);
    expect(readFileSync(join(ROOT, 'examples/README.md'), 'utf8')).toContain(`](${name}/app.ts)`);
    const out = mkdtempSync(join(tmpdir(), 'slipway-example-'));
    try {
      const env = { ...process.env, CDK_OUTDIR: out, CDK_VALIDATION: 'false' };
      execFileSync(join(ROOT, 'node_modules/.bin/tsx'), [join(folder, 'app.ts')], { env, encoding: 'utf8' });
      const templates = readdirSync(out).filter((file) => file.endsWith('.template.json'));
      expect(templates.length).toBeGreaterThan(0);
      const texts = templates.map((file) => readFileSync(join(out, file), 'utf8'));
      expect(texts.some((text) => text.includes('AWS::StepFunctions::StateMachine'))).toBe(true);
      expect(existsSync(join(out, 'manifest.json'))).toBe(true);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
);
