import { dropKey } from '../../cli/drop/drop-tarball';
import { pushReport } from '../../cli/push-report';
import { bytes } from '../../lambda/contract/figures';
import type { WriteReceiptOutput } from '../../lambda/contract/steps';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1_572_864, '1.5 MiB'],
  [3 * 1024 ** 3, '3.0 GiB'],
  [5000 * 1024 ** 4, '5000.0 TiB'],
])('%i bytes are shown as %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

test.each([
  ['/tmp/app.tar.gz', undefined, 'app.tar.gz'],
  ['app.tar', 'team-a/app', 'team-a/app/latest.tar'],
  ['app.tar', 'team-a/app:1.4.2', 'team-a/app/1.4.2.tar'],
])('%s to %s is dropped as %s', (tarball, destination, key) => {
  expect(dropKey(tarball, destination)).toBe(key);
});

test.each(['', ':1', 'team-a/app:', 'host:5000/app'])('"%s" is no destination', (destination) => {
  expect(() => dropKey('app.tar', destination)).toThrow(`"${destination}" is no destination`);
});

const receipt: WriteReceiptOutput = {
  result: 'SUCCEEDED',
  receipt: { bucket: 'work', key: 'receipt.json' },
  images: [
    { repository: 'team-a/app', tags: ['1', 'latest'], digest: DIGEST, registryId: '123456789012' },
    { repository: 'team-a/tool', tags: [], digest: DIGEST, registryId: '123456789012' },
  ],
  bytesSent: 2048,
  bytesSkipped: 10,
  layersSent: 2,
  layersSkipped: 1,
  restarts: 1,
};

test('the report of a push names each image, its pull command, and what was sent and skipped', () => {
  const report = pushReport({ kind: 'pushed', executionArn: 'arn', receipt }, (id) => `${id}.example`);
  expect(report.split('\n')).toEqual([
    'pushed   team-a/app:1, :latest',
    `digest   ${DIGEST}`,
    'pull     docker pull 123456789012.example/team-a/app:1',
    'pushed   team-a/tool',
    `digest   ${DIGEST}`,
    `pull     docker pull 123456789012.example/team-a/tool@${DIGEST}`,
    'sent     2.0 KiB in 2 layers, 1 restart',
    'skipped  10 B in 1 layer that ECR had',
  ]);
});

test('the report of a failure has code, step, subject, cause, evidence, remedy, and where to read on', () => {
  const diagnosis = {
    code: 'BlobMissing',
    step: 'InspectTarball',
    subject: 's3://drop/a/1.tar',
    cause: 'the tarball lacks a layer.',
    evidence: { error: 'BlobMissing' },
    remedy: 'Save the image again.',
    retryable: false,
    executionArn: 'arn:e',
  };
  expect(pushReport({ kind: 'failed', executionArn: 'arn:e', diagnosis }).split('\n')).toEqual([
    'failed   BlobMissing in InspectTarball: s3://drop/a/1.tar',
    'cause    the tarball lacks a layer.',
    'error    BlobMissing',
    'remedy   Save the image again.',
    'see      docs/runbook.md, under BlobMissing; execution arn:e',
  ]);
});
