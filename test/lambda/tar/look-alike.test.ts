import { gzipSync, zstdCompressSync } from 'node:zlib';
import { indexTar } from '../../../lambda/tar/index-tar';
import { rangedReaderOf } from '../../support/ranged-readers';
import { file, tarball } from '../../support/tar-writer';

const inner = tarball([file('a', 'x'.repeat(2000))]).toBuffer();

async function refusal(object: Uint8Array | string): Promise<string> {
  const error: unknown = await indexTar(rangedReaderOf(Buffer.from(object))).catch((caught: unknown) => caught);
  return String(error);
}

function isoImage(systemArea: number): Buffer {
  const image = Buffer.alloc(40_000);
  image.fill(systemArea, 0, 32768);
  image.write('\x01CD001', 32768, 'latin1');
  return image;
}

test.each([
  ['gzip', gzipSync(inner)],
  ['zstd', zstdCompressSync(inner)],
  ['zstd', Buffer.concat([Buffer.from('502a4d180000000000', 'hex'), zstdCompressSync(inner)])],
])('%s data where a plain tar should be was compressed twice', async (name, object) => {
  expect(await refusal(object)).toMatch(
    new RegExp(`^Unsupported: the object is ${name} data at offset 0; .* One compression .* is taken, not two`),
  );
});

test.each([
  ['xz', Buffer.from('\xfd7zXZ\0\0\x04', 'latin1'), 'xz -d'],
  ['bzip2', Buffer.from('BZh91AY&SY'), 'bunzip2'],
])('a %s tarball is refused with the command that decompresses it', async (name, object, command) => {
  const text = await refusal(object);
  expect(text).toMatch(new RegExp(`^Unsupported: the object is ${name} data at offset 0`));
  expect(text).toContain(command);
});

test.each([
  ['a zip archive', Buffer.from('PK\x03\x04\x14\0', 'latin1')],
  ['a 7z archive', Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')],
  ['an HTML page', '\n<!DOCTYPE html><html><body>404</body></html>'],
  ['an XML document', '\ufeff<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
  ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'],
  ['a JSON document', `[\n  {"Config": "${'a'.repeat(600)}"}]`],
  ['a QCOW2 disk image', Buffer.from('QFI\xfb\0\0\0\x03', 'latin1')],
  ['a VMDK disk image', 'KDMV\x01'],
  ['an ISO 9660 disk image', isoImage(0)],
  ['an ISO 9660 disk image', isoImage(0x33)],
  ['a VHD or VHDX disk image', 'vhdxfile'],
  ['a file encrypted with age', 'age-encryption.org/v1\n-> X25519 x'],
  ['a file encrypted with age', '-----BEGIN AGE ENCRYPTED FILE-----\n'],
  ['a message encrypted with PGP', '-----BEGIN PGP MESSAGE-----\n'],
  ['a message encrypted with PGP', Buffer.from('85010c03', 'hex')],
  ['a message encrypted with PGP', Buffer.from('845e03', 'hex')],
  ['a message encrypted with PGP', Buffer.from('8c0d04', 'hex')],
  ['a file encrypted with openssl', 'Salted__12345678'],
  ['a program (ELF)', '\x7fELF'],
])('%s is named', async (what, object) => {
  const text = await refusal(object);
  expect(text).toContain(`NotAnArchive: the object is ${what} at offset`);
  expect(text).toMatch(/ Remedy: .+\.$/);
});

test.each(['hello', 'x'.repeat(5000)])('anything else is not an archive', async (object) => {
  expect(await refusal(object)).toMatch(/^NotAnArchive: the object does not begin with a tar header at offset 0/);
});
