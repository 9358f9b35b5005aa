import type { ReadOptions } from '../../lambda/contract/push-request';
import type { FoundImages } from '../../lambda/image/found-images';
import { readImages } from '../../lambda/image/read-images';
import { indexTar } from '../../lambda/tar/index-tar';
import { rangedReaderOf } from './ranged-readers';
import type { TarContent } from './tar-content';

/** The images of a tarball, found as InspectTarball finds them. */
export async function imagesIn(tarball: TarContent, options?: ReadOptions): Promise<FoundImages> {
  const reader = rangedReaderOf(tarball);
  return readImages(reader, await indexTar(reader), options);
}

/** The error that a tarball's images are refused with. */
export async function failureIn(tarball: TarContent, options?: ReadOptions): Promise<Error> {
  const outcome: unknown = await imagesIn(tarball, options).catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome;
  throw new TypeError('the images were found, and an error was expected');
}

/** Names of the errors that images were set aside with; `undefined` for each that is sound. */
export function faultsOf({ images }: FoundImages): (string | undefined)[] {
  return images.map(({ fault }) => fault?.name);
}
