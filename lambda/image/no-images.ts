import { ManifestMissing } from '../contract/errors';
import type { TarEntry, TarIndex } from '../tar/tar-index';

interface LookAlike {
  readonly found: string;
  readonly remedy: string;
}

const SAVE = 'Drop the tarball that "docker save", "podman save", "skopeo copy" or "buildx --output type=oci" writes.';

/** The error for a tar that holds neither a docker archive nor an OCI layout; names what it looks like. */
export function noImages(index: TarIndex): ManifestMissing {
  const { found, remedy } = lookAlike(index) ?? {
    found: 'the tar holds no image',
    remedy: SAVE,
  };
  const expected = 'manifest.json (docker archive), or index.json and blobs/ (OCI layout)';
  return new ManifestMissing({ found, expected, remedy });
}

function lookAlike(index: TarIndex): LookAlike | undefined {
  const { entries } = index;
  return (
    transportDirectory(index) ??
    version1(index) ??
    layoutWithoutIndex(index) ??
    wrapped(entries) ??
    rootFilesystem(entries) ??
    chart(entries) ??
    disk(entries) ??
    tarInside(entries)
  );
}

// The one place where manifest.json is a manifest and no list: skopeo's "dir:".
function transportDirectory({ find }: TarIndex): LookAlike | undefined {
  if (!find('manifest.json')) return undefined;
  if (!find('version')) return { found: 'manifest.json is no list of images', remedy: SAVE };
  const remedy = 'Copy it to an archive: "skopeo copy dir:FOLDER oci-archive:image.tar".';
  return { found: 'the tar holds a directory of skopeo\'s "dir:" transport', remedy };
}

function version1({ find, entries }: TarIndex): LookAlike | undefined {
  if (!find('repositories') && !entries.some(({ name }) => /^[a-f0-9]{64}\/layer\.tar$/.test(name))) return undefined;
  const remedy = 'Load it with an older docker that still takes it, and save it again from there.';
  return { found: 'the tar is a docker archive of version 1, without manifest.json', remedy };
}

function layoutWithoutIndex({ find }: TarIndex): LookAlike | undefined {
  if (find('index.json')) return { found: 'the tar has an index.json, but no blobs', remedy: SAVE };
  if (!find('oci-layout') && !find('blobs/sha256')) return undefined;
  return { found: 'the tar is an OCI layout without index.json', remedy: SAVE };
}

function wrapped(entries: readonly TarEntry[]): LookAlike | undefined {
  const inner = entries.find(({ name }) => /\/(?:oci-layout|index\.json|manifest\.json)$/.test(name));
  const folder = inner?.name.slice(0, inner.name.lastIndexOf('/'));
  if (folder === undefined || entries.some(({ name }) => name === `${folder}/bin`)) return undefined;
  const remedy = `Pack the content of the folder: "tar -C ${folder} -cf image.tar .".`;
  return { found: `the image lies in the folder "${folder}" of the tar, not at its root`, remedy };
}

function rootFilesystem(entries: readonly TarEntry[]): LookAlike | undefined {
  const tops = new Set(entries.map(({ name }) => name.split('/', 1)[0]));
  const typical = ['bin', 'etc', 'usr', 'var', 'lib', 'dev', 'proc', 'sys'].filter((name) => tops.has(name));
  if (typical.length < 3) return undefined;
  const remedy = '"docker export" saves files alone: use "docker commit" and "docker save", or "docker save" at once.';
  return { found: `the tar is a root filesystem, with ${typical.join(', ')}`, remedy };
}

function chart(entries: readonly TarEntry[]): LookAlike | undefined {
  const file = entries.find(({ name }) => /^(?:[^/]+\/)?Chart\.yaml$/.test(name));
  return file && { found: `the tar is a Helm chart ("${file.name}")`, remedy: 'Push it with "helm push".' };
}

function disk(entries: readonly TarEntry[]): LookAlike | undefined {
  const file = entries.find(({ name }) => /\.(?:raw|img|qcow2|vmdk|vhdx?|ovf)$/i.test(name));
  if (!file) return undefined;
  const remedy = `A disk of a virtual machine holds no container image. ${SAVE}`;
  return { found: `the tar holds the disk of a virtual machine ("${file.name}")`, remedy };
}

function tarInside(entries: readonly TarEntry[]): LookAlike | undefined {
  const files = entries.filter(({ type }) => type === 'file');
  const inner = files.find(({ name }) => /\.(?:tar(?:\.\w+)?|tgz|oci)$/i.test(name));
  if (!inner || files.length > 10) return undefined;
  const remedy = `Unpack the tar and drop what is inside it: "${inner.name}".`;
  return { found: `the tar holds another tar, "${inner.name}"`, remedy };
}
