import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');

/** The import table of docs/architecture.md: for each room, what its files may import beside the room itself. */
const TABLE: Readonly<Record<string, RegExp>> = {
  'lambda/contract': /^(zod|node:crypto)$/,
  'lambda/tar': /^(lambda\/contract|node:crypto|node:zlib)$/,
  'lambda/image': /^(lambda\/(contract|tar)|node:crypto|node:zlib|libdeflate)$/,
  'lambda/upload': /^(lambda\/(contract|tar|image)|node:crypto|node:zlib)$/,
  'lambda/aws':
    /^(lambda\/(contract|tar|image|upload)|node:(crypto|http|https|stream|stream\/promises|zlib)|@aws-sdk\/.*)$/,
  'lambda/handlers':
    /^(lambda\/.*|zod|aws-lambda|node:(crypto|events|fs|os|path|worker_threads)|@aws-lambda-powertools\/.*)$/,
  page: /^(lambda\/contract|@smithy\/(core\/checksum|signature-v4))$/,
  lib: /^(lambda\/contract|aws-cdk-lib(\/.*)?|constructs|esbuild|node:.*)$/,
  'local/s3': /^(node:.*|fast-xml-parser)$/,
  'local/iam': /^node:.*$/,
  'local/ecr': /^node:.*$/,
  'local/states': /^(node:.*|jsonata)$/,
  'local/functions': /^(node:.*|esbuild)$/,
  'local/api': /^(node:.*|ajv-draft-04)$/,
  local: /^(local\/.*|lib|lambda\/contract|node:.*|aws-cdk-lib|fast-xml-parser)$/,
  cli: /^(local|lambda\/(contract|tar|image|upload)|zod|package\.json|node:.*|@aws-sdk\/.*|commander|cli-progress|@clack\/prompts|tar-stream)$/,
  bin: /^(cli|lib|aws-cdk-lib|package\.json|node:(fs|path))$/,
  bench: /^(lib|local(\/.*)?|lambda\/.*|node:.*|commander|esbuild|@aws-sdk\/.*|tar-stream)$/,
};

const files = Object.keys(TABLE).flatMap((room) => filesOf(room).map((file) => ({ room, file })));

test('the rooms hold every source file', () => {
  const rooms = ['lambda', 'lib', 'local', 'cli', 'bin', 'bench', 'page'];
  const all = rooms.flatMap((room) => walk(join(ROOT, room)));
  expect(files.map(({ file }) => file).sort()).toEqual(all.sort());
});

test.each(Object.keys(TABLE))('%s imports only what the table allows', (room) => {
  const strays = filesOf(room).flatMap((file) =>
    importsOf(file)
      .map((specifier) => placeOf(file, specifier))
      .filter((place) => place !== room && !(TABLE[room] as RegExp).test(place))
      .map((place) => `${relative(ROOT, file)} imports ${place}`),
  );
  expect(strays).toEqual([]);
});

test('no file has 300 lines', () => {
  const long = files.filter(({ file }) => readFileSync(file, 'utf8').split('\n').length > 300);
  expect(long.map(({ file }) => relative(ROOT, file))).toEqual([]);
});

test('nothing asks whether it runs locally', () => {
  const asking = files.filter(
    ({ room, file }) =>
      room.startsWith('lambda') && /127\.0\.0\.1|isLocal|AWS_ENDPOINT/.test(readFileSync(file, 'utf8')),
  );
  expect(asking.map(({ file }) => relative(ROOT, file))).toEqual([]);
});

/** Files of a room; those of a room inside it are that room's. */
function filesOf(room: string): string[] {
  const inner = Object.keys(TABLE).filter((other) => other.startsWith(`${room}/`));
  return walk(join(ROOT, room)).filter((file) => !inner.some((other) => file.startsWith(join(ROOT, other, '/'))));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const pattern = /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s+'([^']+)'|\b(?:import|require)\(\s*'([^']+)'/g;
  return [...source.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
}

/** The room that a relative import leads to, or the package as it is named. */
function placeOf(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const target = relative(ROOT, resolve(dirname(file), specifier));
  const rooms = Object.keys(TABLE).sort((a, b) => b.length - a.length);
  return rooms.find((room) => target === room || target.startsWith(`${room}/`)) ?? target;
}
