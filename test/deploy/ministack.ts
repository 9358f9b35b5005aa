import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Holds the release that the tests were written against: what it does otherwise than AWS, they work around. */
const REQUIREMENTS = 'test/deploy/requirements.txt';

/** An AWS that others wrote, on one loopback port: https://pypi.org/project/ministack/ */
export class MiniStack {
  private constructor(
    private readonly child: ChildProcess,
    readonly endpoint: string,
    private readonly folder: string,
  ) {}

  /** @param environment variables that all its functions get, beside those of the template */
  static async start(environment: (endpoint: string) => Promise<Record<string, string>>): Promise<MiniStack> {
    const command = process.env.MINISTACK ?? 'ministack';
    const found = spawnSync(command, ['--help']);
    if (found.error) throw new Error(`no ${command}; install it with: pip install -r ${REQUIREMENTS}`);
    const folder = mkdtempSync(join(tmpdir(), 'ministack-'));
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const log = openSync(join(folder, 'log'), 'w');
    const child = spawn(command, [], {
      cwd: folder,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        // The Node that runs this runs its functions, too.
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        TMPDIR: folder,
        BIND_HOST: '127.0.0.1',
        MINISTACK_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        // Waits and the intervals between retries take no time.
        SFN_WAIT_SCALE: '0',
        ...(await environment(endpoint)),
      },
    });
    const started = new MiniStack(child, endpoint, folder);
    await started.isUp();
    return started;
  }

  /** What makes any SDK, and the CDK's command line, use it. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
  }

  /** Configuration of an SDK client. */
  get client() {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return { endpoint: this.endpoint, region: 'us-east-1', credentials, forcePathStyle: true };
  }

  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const killed = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(killed);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async isUp(): Promise<void> {
    for (let tries = 0; tries < 300 && this.child.exitCode === null; tries++) {
      const health = await fetch(`${this.endpoint}/_ministack/health`).catch(() => undefined);
      if (health?.ok) return;
      await sleep(200);
    }
    throw new Error(`MiniStack does not start:\n${this.log()}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
