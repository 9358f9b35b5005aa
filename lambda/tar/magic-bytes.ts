import { SAVE_IMAGE } from './remedies';

/** A kind of bytes that are met by mistake where a tar should begin. */
export interface LookAlike {
  /** The kind, with its article. */
  readonly what: string;
  /** A compressed form, which might well hold a tarball. */
  readonly compressed: boolean;
  /** One sentence a person can follow. */
  readonly remedy: string;
  /** `head`: the object's first bytes, one character each. */
  matches(head: string): boolean;
}

const UNPACK = `Unpack it, for a tarball may be inside. ${SAVE_IMAGE}`;
const DECRYPT = 'Decrypt the file and drop the tarball inside it.';
const CONVERT = 'A disk image holds no container image: drop the tarball that "docker save" or "podman save" writes.';
const FETCH_AGAIN = 'What was saved is the answer of a web server, often an error page: fetch the tarball again.';
const TWICE =
  'One compression around a tarball is taken, not two: compress it once with gzip or zstd, or drop the plain tar.';
const SMUDGE = 'Run "git lfs pull" and drop the file that the pointer stands for.';
const WHOLE = `A manifest alone is no image, its layers are needed too. ${SAVE_IMAGE}`;

/** Kinds of objects told by their first bytes; the first match counts. */
export const LOOK_ALIKES: readonly LookAlike[] = [
  // Compressed once, these two are unpacked before a tar is looked for.
  compressed('gzip data', TWICE, startsWith('\x1f\x8b')),
  compressed('zstd data', TWICE, (head) => head.startsWith('\x28\xb5\x2f\xfd') || isSkippableFrame(head)),
  compressed('xz data', decompressBy('xz -d'), startsWith('\xfd7zXZ\0')),
  compressed('bzip2 data', decompressBy('bunzip2'), startsWith('BZh')),
  foreign('a zip archive', UNPACK, startsWith('PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08')),
  foreign('a 7z archive', UNPACK, startsWith('7z\xbc\xaf\x27\x1c')),
  foreign('a Git LFS pointer', SMUDGE, startsWith('version https://git-lfs.github.com/spec/')),
  foreign(
    'a file encrypted with age',
    DECRYPT,
    startsWith('age-encryption.org/', '-----BEGIN AGE ENCRYPTED FILE-----'),
  ),
  foreign('a message encrypted with PGP', DECRYPT, isPgpMessage),
  foreign('a file encrypted with openssl', DECRYPT, startsWith('Salted__')),
  foreign('a QCOW2 disk image', CONVERT, startsWith('QFI\xfb')),
  foreign('a VMDK disk image', CONVERT, startsWith('KDMV', 'COWD', '# Disk DescriptorFile')),
  foreign('a VHD or VHDX disk image', CONVERT, startsWith('conectix', 'vhdxfile')),
  foreign('an HTML page', FETCH_AGAIN, (head) => /^(?:<!doctype html|<html)/i.test(textOf(head))),
  foreign('an XML document', FETCH_AGAIN, (head) => /^(?:<\?xml|<error>)/i.test(textOf(head))),
  foreign('a JSON document', WHOLE, (head) => /^[{[]\s*["{[\]}]/.test(textOf(head))),
  foreign('a program (ELF)', SAVE_IMAGE, startsWith('\x7fELF')),
];

function compressed(what: string, remedy: string, matches: (head: string) => boolean): LookAlike {
  return { what, compressed: true, remedy, matches };
}

function decompressBy(command: string): string {
  return `Of compressed tarballs those of gzip and zstd are taken: decompress it ("${command}") and drop the plain tar.`;
}

function foreign(what: string, remedy: string, matches: (head: string) => boolean): LookAlike {
  return { what, compressed: false, remedy, matches };
}

function startsWith(...magics: readonly string[]): (head: string) => boolean {
  return (head) => magics.some((magic) => head.startsWith(magic));
}

// RFC 8878, 3.1.2: sixteen magic numbers that differ in the lowest four bits.
function isSkippableFrame(head: string): boolean {
  return head.startsWith('\x2a\x4d\x18', 1) && (head.charCodeAt(0) & 0xf0) === 0x50;
}

// RFC 9580: binary messages begin with a packet for a public key (version 3) or for a passphrase (version 4).
function isPgpMessage(head: string): boolean {
  if (head.startsWith('-----BEGIN PGP MESSAGE-----')) return true;
  return (
    (head[0] === '\x85' && head[3] === '\x03') ||
    (head[0] === '\x84' && head[2] === '\x03') ||
    (head[0] === '\x8c' && head[2] === '\x04')
  );
}

function textOf(head: string): string {
  return head.replace(/^\xef\xbb\xbf/, '').trimStart();
}
