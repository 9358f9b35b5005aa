import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { reporter } from '../../cli/reporter';

const ROOT = resolve(__dirname, '../..');
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

test('where there is no terminal it writes plain lines, and none while bytes move', () => {
  const out = new PassThrough();
  const progress = reporter(out as unknown as NodeJS.WriteStream);
  progress.uploading(1, 2048);
  progress.dropped('s3://drop/a/1.tar', 2048, 'arn:e');
  progress.state('InspectTarball');
  progress.state('LayerAvailable?');
  progress.layers([layer('a'), layer('b')], new Set([1]));
  progress.layer({ ...sent, index: 1, available: true }, 'CompleteLayerUpload');
  progress.close();
  expect(String(out.read()).split('\n')).toEqual([
    'dropped    s3://drop/a/1.tar, 2.0 KiB',
    'execution  arn:e',
    'InspectTarball       finds the images and layers in the tarball',
    '  aaaaaaaaaaaa  1.0 KiB  already in team-a/app',
    '  bbbbbbbbbbbb  1.0 KiB  sent',
    '',
  ]);
});

test('a terminal gets its cursor back when the program ends below a progress bar', () => {
  const program = `
    process.stderr.isTTY = true;
    require(${JSON.stringify(join(ROOT, 'cli/reporter.ts'))}).reporter(process.stderr).uploading(1, 10);
    process.exit(130);`;
  const { status, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/tsx'), ['--eval', program], { encoding: 'utf8' });
  expect(status).toBe(130);
  expect(stderr.indexOf(HIDE_CURSOR)).toBeGreaterThanOrEqual(0);
  expect(stderr.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(stderr.lastIndexOf(HIDE_CURSOR));
});

const sent = { bytesSent: 1024, restarts: 0, uploads: { bucket: 'work', key: 'uploads.json' } };

function layer(letter: string) {
  return {
    repository: 'team-a/app',
    digest: `sha256:${letter.repeat(64)}`,
    size: 1024,
    entry: 'layer.tar',
    from: { bucket: 'drop', key: 'a/1.tar', versionId: '1', etag: '"1"', size: 2048 },
    firstByte: 0,
    verified: true,
  };
}
