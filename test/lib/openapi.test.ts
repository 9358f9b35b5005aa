import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import document from '../../docs/openapi.json';
import { openApi } from '../../lib/openapi';
import { version } from '../../package.json';

const ROOT = resolve(__dirname, '../..');

test('docs/openapi.json is what `npm run openapi` writes', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(openApi(version))));
});

test('it is OpenAPI 3.1, as a validator of others sees it', () => {
  const validator = join(ROOT, 'node_modules/.bin/validate-api');
  const printed = execFileSync(validator, [join(ROOT, 'docs/openapi.json')], { encoding: 'utf8', stdio: 'pipe' });
  expect(printed).toContain('"valid": true');
});

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).addSchema({
  $id: 'openapi',
  components: document.components,
});

interface Content {
  readonly schema: { readonly $ref: string };
  readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
}

const examples = contents(document.paths).flatMap(({ schema, examples: named }) =>
  Object.entries(named).map(([name, { value }]): [string, unknown] => [`${schema.$ref} ${name}`, value]),
);

test('it has examples of everything', () => {
  const names = new Set(examples.map(([name]) => name.split(/[/ ]/)[3]));
  expect([...names].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

test.each([...new Map(examples)])('the example %s is what its schema says', (name, value) => {
  const validate = ajv.getSchema(`openapi${name.split(' ')[0]}`);
  validate?.(value);
  expect(validate?.errors).toBeNull();
});

/** Every body and answer below a part of the document. */
function contents(part: unknown): Content[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => (key === 'application/json' ? [value] : contents(value)));
}
