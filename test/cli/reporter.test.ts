import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import type { LayerProgress } from '../../cli/follow/layer-progress';
import { reporter } from '../../cli/follow/reporter';

const ROOT = resolve(__dirname, '../..');
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

test('where there is no terminal it writes plain lines, and none while bytes move', () => {
  const out = new PassThrough();
  const progress = reporter(out as unknown as NodeJS.WriteStream);
  progress.uploading(1, 2048, 0);
  progress.dropped('s3://drop/a/1.tar', 2048, 'arn:e');
  progress.state('InspectTarball');
  progress.state('LayerAvailable?');
  const layers = [layer('a', { state: 'there', stored: 1024 }), layer('b', {})];
  progress.layers(layers, layers);
  progress.layers([layer('b', { restarts: 1, lost: 'UploadNotFound' })], layers);
  progress.layers([layer('b', { state: 'sending', stored: 100 })], layers);
  progress.layers([layer('b', { state: 'sent', stored: 1024 })], layers);
  progress.close();
  expect(String(out.read()).split('\n')).toEqual([
    'dropped    s3://drop/a/1.tar, 2.0 KiB',
    'execution  arn:e',
    'InspectTarball       finds the images and layers in the tarball',
    '  aaaaaaaaaaaa  1.0 KiB  already in team-a/app',
    '  bbbbbbbbbbbb  1.0 KiB  upload lost (UploadNotFound), restart 1',
    '  bbbbbbbbbbbb  1.0 KiB  sent',
    '',
  ]);
});

test('a terminal gets its cursor back when the program ends below a progress bar', () => {
  const program = `
    process.stderr.isTTY = true;
    require(${JSON.stringify(join(ROOT, 'cli/follow/reporter.ts'))}).reporter(process.stderr).uploading(1, 10, 0);
    process.exit(130);`;
  const { status, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/tsx'), ['--eval', program], { encoding: 'utf8' });
  expect(status).toBe(130);
  expect(stderr.indexOf(HIDE_CURSOR)).toBeGreaterThanOrEqual(0);
  expect(stderr.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(stderr.lastIndexOf(HIDE_CURSOR));
});

function layer(letter: string, change: Partial<LayerProgress>): LayerProgress {
  const digest = `sha256:${letter.repeat(64)}`;
  return { digest, repository: 'team-a/app', size: 1024, state: 'waiting', stored: 0, restarts: 0, ...change };
}
