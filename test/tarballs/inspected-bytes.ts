import { readImages } from '../../lambda/image/read-images';
import { indexTar } from '../../lambda/tar/index-tar';
import type { Made } from '../fixtures/fixture';
import { countingReader, rangedReaderOf } from '../support/ranged-readers';

/** Bytes of the object that inspecting it reads: a compressed one whole, and what was unpacked by ranges. */
export async function inspectedBytes({ tarball, outer }: Pick<Made, 'tarball' | 'outer'>): Promise<number> {
  const reader = countingReader(rangedReaderOf(tarball));
  const inspect = async () => readImages(reader, await indexTar(reader));
  // A refusal counts as well; that it is the right one is the matrix's affair.
  await inspect().catch(() => undefined);
  return reader.bytes + (outer ? outer(tarball.toBuffer()).length : 0);
}
