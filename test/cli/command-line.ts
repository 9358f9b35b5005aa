import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = resolve(__dirname, '../..');
const TSX = join(ROOT, 'node_modules/.bin/tsx');

/** How a command ended. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a running `slipway local --json` says its things are. */
interface Places {
  readonly endpoint: string;
  readonly registry: string;
  readonly dropBucket: string;
  readonly workBucket: string;
  readonly stateMachineArn: string;
  readonly apiUrl: string;
}

interface ChildOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** Standard input. */
  readonly input?: Buffer;
}

/** Runs `slipway` as a child with no terminal, in an environment that holds nothing of AWS but what is given. */
export function slipway(args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  return slipwayChild(args, options).ended;
}

/** As {@link slipway}, with the child at hand while it runs. */
export function slipwayChild(
  args: readonly string[],
  options: ChildOptions = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = start(args, options);
  if (options.input) child.stdin?.end(options.input);
  const ended = Promise.all([text(out(child)), text(err(child)), once(child, 'close')]);
  return { child, ended: ended.then(([stdout, stderr, [code]]) => ({ code, stdout, stderr })) };
}

/** A `slipway local` that runs until it is ended. */
export class RunningLocal {
  private constructor(
    readonly child: ChildProcess,
    readonly lines: string[],
    readonly places: Places,
  ) {}

  /** Starts it on a free port, and waits for the line that says where things are. */
  static async start(...args: string[]): Promise<RunningLocal> {
    const child = start(['local', '--port', '0', '--json', ...args]);
    const lines: string[] = [];
    const said = new Promise<string>((resolveLine, reject) => {
      let rest = '';
      out(child)
        .setEncoding('utf8')
        .on('data', (piece: string) => {
          const pieces = (rest + piece).split('\n');
          rest = pieces.pop() ?? '';
          lines.push(...pieces);
          if (lines[0] !== undefined) resolveLine(lines[0]);
        });
      child.once('close', (code) => reject(new Error(`slipway local ended with ${code} before it said a line`)));
    });
    return new RunningLocal(child, lines, JSON.parse(await said) as Places);
  }

  /** What a shell would export to use it. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.places.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
  }

  /** Sends SIGTERM; gives the exit code, also of one that has ended before. */
  async end(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const closed = once(this.child, 'close');
    this.child.kill('SIGTERM');
    const [code] = await closed;
    return code;
  }
}

function start(args: readonly string[], { env = {}, cwd = ROOT }: ChildOptions = {}) {
  return spawn(TSX, [join(ROOT, 'bin/slipway.ts'), ...args], { cwd, env: { ...bare(), ...env } });
}

/** This environment without any configuration of AWS, and with no machine of AWS to ask for credentials. */
function bare(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const nowhere = join(ROOT, 'test/cli/no-such-file');
  return {
    ...Object.fromEntries(kept),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
  };
}

function out({ stdout }: ChildProcess) {
  if (!stdout) throw new Error('the child has no stdout');
  return stdout;
}

function err({ stderr }: ChildProcess) {
  if (!stderr) throw new Error('the child has no stderr');
  return stderr;
}
