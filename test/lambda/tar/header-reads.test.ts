import { indexTar } from '../../../lambda/tar/index-tar';
import { type CountingReader, countingReader, rangedReaderOf } from '../../support/ranged-readers';
import { zeros } from '../../support/tar-content';
import { directory, extension, file, type TarMember, tarball } from '../../support/tar-writer';

const MIB = 1024 ** 2;

async function readsOf(members: readonly TarMember[]): Promise<CountingReader> {
  const reader = countingReader(rangedReaderOf(tarball(members)));
  await indexTar(reader);
  return reader;
}

test('a tarball of 10 GiB and 20 layers takes about a read per layer, and less than 1 MiB', async () => {
  const layers = Array.from({ length: 20 }, (_, at) => [
    directory(`${at}`),
    file(`${at}/VERSION`, '1.0'),
    file(`${at}/json`, 'x'.repeat(1500)),
    file(`${at}/layer.tar`, zeros(512 * MIB)),
  ]);
  const { reads, bytes } = await readsOf([...layers.flat(), file('manifest.json', 'x'.repeat(4000))]);
  expect(reads).toBeLessThanOrEqual(25);
  expect(bytes).toBeLessThan(MIB);
});

test('12,000 small entries take a read per few hundred, and no byte twice', async () => {
  const members = Array.from({ length: 12_000 }, (_, at) => file(`blobs/${at}`, 'x'.repeat(at % 700)));
  const { reads, bytes } = await readsOf(members);
  expect(reads).toBeLessThanOrEqual(12_000 / 300);
  expect(bytes).toBeLessThanOrEqual(tarball(members).size + 512 * reads);
});

test('reads become small again after a jump over a big entry', async () => {
  const small = Array.from({ length: 2000 }, (_, at) => file(`small-${at}`, 'x'));
  const big = Array.from({ length: 5 }, (_, at) => file(`big-${at}`, zeros(100 * MIB)));
  const before = await readsOf(small);
  const { reads, bytes } = await readsOf([...small, ...big]);
  expect(reads - before.reads).toBeLessThanOrEqual(6);
  expect(bytes - before.bytes).toBeLessThan(600 * 1024);
});

test('an extension header longer than any window is read once', async () => {
  const comment = Buffer.from(`1000000 comment=${'x'.repeat(1_000_000 - 17)}\n`);
  const { bytes } = await readsOf([extension('x', 'PaxHeaders/0', comment, 'pax'), file('a')]);
  expect(bytes).toBeLessThan(1_100_000);
});
