import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hexOf } from '../support/image-parts';
import type { ImageSource } from './pulled-image';

const CREDENTIALS = 'AWS:local';
const run = promisify(execFile);

/** One image of a registry on loopback: `repository` with a tag or digest. */
export function registrySource(registry: string, repository: string, reference: string): ImageSource {
  const get = async (path: string) => {
    const headers = { authorization: `Basic ${Buffer.from(CREDENTIALS).toString('base64')}` };
    const response = await fetch(`http://${registry}/v2/${repository}/${path}`, { headers });
    if (!response.ok) throw new Error(`${repository}/${path}: HTTP ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  };
  return { manifest: (digest = reference) => get(`manifests/${digest}`), blob: (digest) => get(`blobs/${digest}`) };
}

/** Whether the registry has the repository. */
export async function hasRepository(registry: string, repository: string): Promise<boolean> {
  const headers = { authorization: `Basic ${Buffer.from(CREDENTIALS).toString('base64')}` };
  return (await fetch(`http://${registry}/v2/${repository}/tags/list`, { headers })).ok;
}

/** Has skopeo copy an image with all that it lists into a folder; the error is what skopeo says. */
export async function skopeoSource(from: string, folder: string): Promise<ImageSource> {
  const options = ['--all', '--src-tls-verify=false', '--src-creds', CREDENTIALS];
  await run('skopeo', ['--insecure-policy', 'copy', ...options, `docker://${from}`, `dir:${folder}`]);
  return {
    manifest: (digest) => readFile(join(folder, digest ? `${hexOf(digest)}.manifest.json` : 'manifest.json')),
    blob: (digest) => readFile(join(folder, hexOf(digest))),
  };
}

/** Whether `skopeo` is on PATH. */
export async function hasSkopeo(): Promise<boolean> {
  return run('skopeo', ['--version']).then(
    () => true,
    () => false,
  );
}
