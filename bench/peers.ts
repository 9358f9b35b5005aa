import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Archive, writeConfiguration } from './archives';
import { runMeasured } from './measure/command-usage';

/** Another tool, and how it pushes an archive to a registry without TLS. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The one format that it is asked to push. @default all */
  readonly format?: Archive['format'];
  command(archive: Archive, target: string): readonly string[];
}

interface Candidate extends Omit<Peer, 'version'> {
  readonly versionCommand: readonly string[];
  /** For `go install`, where the machine has Go and not the tool. */
  readonly module?: string;
}

/** The tools that this machine has, or can build from the Go module proxy; the others are named, with the reason. */
export async function findPeers(folder: string, registry: string): Promise<{ peers: Peer[]; missing: string[] }> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  process.env.PATH = [process.env.PATH, bin, join(homedir(), 'go', 'bin')].join(delimiter);
  const peers: Peer[] = [];
  const missing: string[] = [];
  for (const { versionCommand, module, ...peer } of candidates(folder, registry)) {
    const version = await versionOf(versionCommand)
      .catch(async (error) => {
        if (module === undefined) throw error;
        await runMeasured(['go', 'install', module], { GOBIN: bin });
        return versionOf(versionCommand);
      })
      .catch((error: Error) => {
        missing.push(`${peer.name}: ${error.message.split('\n')[0]}`);
        return undefined;
      });
    if (version !== undefined) peers.push({ ...peer, version });
  }
  return { peers, missing };
}

async function versionOf(command: readonly string[]): Promise<string> {
  const { output } = await runMeasured(command);
  return /v?\d+\.\d+[\w.+-]*/.exec(output)?.[0] ?? 'unknown';
}

function candidates(folder: string, registry: string): Candidate[] {
  const auth = Buffer.from('AWS:local').toString('base64');
  const docker = writeConfiguration(join(folder, 'docker'), 'config.json', { auths: { [registry]: { auth } } });
  const hosts = { [registry]: { tls: 'disabled', user: 'AWS', pass: 'local' } };
  const regctl = writeConfiguration(join(folder, 'regctl'), 'config.json', { hosts });
  return [
    {
      name: 'skopeo',
      versionCommand: ['skopeo', '--version'],
      environment: {},
      command: skopeo(),
    },
    {
      name: 'skopeo, zstd',
      versionCommand: ['skopeo', '--version'],
      environment: {},
      format: 'docker-archive',
      command: skopeo('--format=oci', '--dest-compress-format=zstd'),
    },
    {
      name: 'crane',
      versionCommand: ['crane', 'version'],
      module: 'github.com/google/go-containerregistry/cmd/crane@latest',
      environment: { DOCKER_CONFIG: docker },
      command: ({ file, format }, target) => {
        if (format === 'docker-archive') return ['crane', 'push', '--insecure', file, target];
        // It reads a layout from a folder only.
        const layout = join(folder, 'layout');
        rmSync(layout, { recursive: true, force: true });
        mkdirSync(layout);
        return ['sh', '-c', 'tar -xf "$0" -C "$1" && crane push --insecure "$1" "$2"', file, layout, target];
      },
    },
    {
      name: 'regctl',
      versionCommand: ['regctl', 'version'],
      module: 'github.com/regclient/regclient/cmd/regctl@latest',
      environment: { REGCTL_CONFIG: join(regctl, 'config.json') },
      command: ({ file }, target) => ['regctl', 'image', 'import', target, file],
    },
  ];
}

function skopeo(...more: string[]): Peer['command'] {
  const options = ['--quiet', '--insecure-policy', '--dest-tls-verify=false', '--dest-creds=AWS:local', ...more];
  return ({ file, format }, target) => ['skopeo', 'copy', ...options, `${format}:${file}`, `docker://${target}`];
}
