import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ociLayout } from '../support/oci-layout-builder';
import { RunningSlipway } from '../support/running-slipway';

let slipway: RunningSlipway;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-skopeo-'));
  slipway = await RunningSlipway.start();
});
afterAll(async () => {
  await slipway.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('an OCI archive that skopeo made comes back to skopeo with the same manifest and the same diffIds', async () => {
  const made = await make('oci', `oci-archive:${at('oci.tar')}`);
  const pulled = await pushAndPull('team-a/oci', 'oci.tar');
  expect(await manifestDigest(pulled)).toBe(await manifestDigest(made));
  expect(await diffIds(pulled)).toEqual(await diffIds(made));
});

test('a docker archive that skopeo made comes back to skopeo with the same config and the same diffIds', async () => {
  const made = await make('docker', `docker-archive:${at('docker.tar')}:some/app:1`);
  const pulled = await pushAndPull('team-a/docker', 'docker.tar');
  expect(await configDigest(pulled)).toBe(await configDigest(made));
  expect(await diffIds(pulled)).toEqual(await diffIds(made));
});

test('a docker archive that skopeo made has the same manifest digest however often it is pushed', async () => {
  await make('again', `docker-archive:${at('again.tar')}:some/app:1`);
  const first = await pushAndPull('team-a/first', 'again.tar');
  const second = await pushAndPull('team-a/second', 'again.tar');
  expect(await manifestDigest(second)).toBe(await manifestDigest(first));
});

test('a multi-platform OCI archive that skopeo made comes back whole with --all', async () => {
  const made = await make('multi', `oci-archive:${at('multi.tar')}`, ['linux/amd64', 'linux/arm64']);
  const pulled = await pushAndPull('team-a/multi', 'multi.tar', '--all');
  expect(await manifestDigest(pulled)).toBe(await manifestDigest(made));
  const { manifests } = JSON.parse(await skopeo('inspect', '--raw', pulled)) as { manifests: { digest: string }[] };
  for (const { digest } of manifests) {
    const child = readFileSync(join(pulled.slice('dir:'.length), `${digest.slice('sha256:'.length)}.manifest.json`));
    expect(`sha256:${sha256(child)}`).toBe(digest);
  }
});

/** Has skopeo write an archive of a new image; gives the transport name of the archive. */
async function make(name: string, target: string, platforms?: string[]): Promise<string> {
  const layout = ociLayout({ layers: 3, size: 300_000, seed: name.length, ...(platforms ? { platforms } : {}) });
  writeFileSync(at(`${name}-source.tar`), layout.tarball.toBuffer());
  await skopeo('copy', '--all', `oci-archive:${at(`${name}-source.tar`)}`, target);
  return target;
}

async function pushAndPull(repository: string, archive: string, ...options: string[]): Promise<string> {
  const push = await slipway.drop(`${repository}/1.0.tar`, readFileSync(at(archive)));
  expect(push.diagnosis).toBeUndefined();
  const target = `dir:${at(repository.replace('/', '-'))}`;
  const source = `docker://${slipway.cloud.registry}/${repository}:1.0`;
  await skopeo('copy', ...options, '--src-tls-verify=false', '--src-creds', 'AWS:local', source, target);
  return target;
}

async function manifestDigest(image: string): Promise<string> {
  return `sha256:${sha256(await skopeo('inspect', '--raw', image))}`;
}

async function configDigest(image: string): Promise<string> {
  return `sha256:${sha256(await skopeo('inspect', '--config', '--raw', image))}`;
}

async function diffIds(image: string): Promise<string[]> {
  const config = JSON.parse(await skopeo('inspect', '--config', '--raw', image)) as { rootfs: { diff_ids: string[] } };
  return config.rootfs.diff_ids;
}

async function skopeo(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('skopeo', ['--insecure-policy', ...args]);
  return stdout;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function at(name: string): string {
  return join(folder, name);
}
