import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** A docker archive of one small image, made in memory: three layers, one of them of more than one part. */
export async function demoImage(): Promise<{ name: string; bytes: Buffer }> {
  const layers = await Promise.all([
    layer({ 'etc/motd': Buffer.from('Hello from a tarball.\n') }),
    layer({ 'srv/random': noise(24 * 1024 * 1024) }),
    layer({ 'srv/text': Buffer.from('A line that compresses well.\n'.repeat(100_000)) }),
  ]);
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Cmd: ['/bin/cat', '/etc/motd'] },
    rootfs: { type: 'layers', diff_ids: layers.map((bytes) => `sha256:${sha256(bytes)}`) },
  });
  const configName = `${sha256(config)}.json`;
  const layerNames = layers.map((bytes) => `${sha256(bytes)}/layer.tar`);
  const manifest = [{ Config: configName, RepoTags: ['slipway/demo:1.0.0'], Layers: layerNames }];
  const bytes = await tar({
    ...Object.fromEntries(layers.map((content, index) => [layerNames[index] ?? '', content])),
    [configName]: Buffer.from(config),
    'manifest.json': Buffer.from(JSON.stringify(manifest)),
  });
  return { name: 'demo.tar', bytes };
}

const layer = (files: Record<string, Buffer>) => tar(files);

async function tar(files: Record<string, Buffer>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mtime: new Date(0) }, content);
  archive.finalize();
  return buffer(archive);
}

/** Bytes that do not compress and are the same every time. */
function noise(outputLength: number): Buffer {
  return createHash('shake256', { outputLength }).update('slipway').digest();
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
