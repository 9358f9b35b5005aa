import { type ChildProcess, spawn } from 'node:child_process';
import type { FunctionSpec } from './function-spec';
import { peakRssBytes } from './peak-memory';
import type { InvokeMessage, RuntimeMessage } from './runtime-messages';

const MEMORY_CHECK_MS = 50;

/** Why the parent ended a child. */
export type KillCause = 'timeout' | 'memory' | 'aborted' | 'killed' | 'evicted' | 'closed';

/** How a child ended: by the parent (`cause`), by itself, or `failure` where it could not even be started. */
export interface Ended {
  readonly kind: 'ended';
  readonly cause?: KillCause;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly failure?: Error;
}

/** What comes back from a child. */
export type Reply = Exclude<RuntimeMessage, { kind: 'memory' }> | Ended;

/** What a child is started with. */
export interface Launch {
  readonly spec: FunctionSpec;
  readonly program: string;
  readonly variables: Record<string, string>;
  /** File descriptor for stdout and stderr. */
  readonly logFd: number;
  /** Told of every new high-water mark, in bytes. */
  readonly onPeak: (bytes: number) => void;
}

/** One execution environment: a child that has loaded one function and runs one invocation at a time. */
export class Environment {
  readonly spec: FunctionSpec;
  /** Resolves when the child is gone and everything it said was heard. */
  readonly ended: Promise<Ended>;
  /** Whether the function is still to be loaded. */
  cold = true;
  peakRssBytes = 0;

  private readonly child: ChildProcess;
  private readonly onPeak: (bytes: number) => void;
  private readonly unread: Reply[] = [];
  private receive: ((reply: Reply) => void) | undefined;
  private killedFor: KillCause | undefined;

  constructor(launch: Launch) {
    this.spec = launch.spec;
    this.onPeak = launch.onPeak;
    this.child = startChild(launch);
    this.child.on('message', (message: RuntimeMessage) => this.hear(message));
    this.ended = this.untilGone();
    void this.ended.then((ended) => this.deliver(ended));
  }

  /** Whether it may be given work. */
  get alive(): boolean {
    const { pid, exitCode, signalCode } = this.child;
    return pid !== undefined && exitCode === null && signalCode === null && this.killedFor === undefined;
  }

  /** Sends a message, or none to wait for the function to load; gives the reply, or how the child ended meanwhile. */
  async exchange(limitMs: number, message?: InvokeMessage): Promise<Reply> {
    const limit = setTimeout(() => this.kill('timeout'), limitMs);
    const watch = setInterval(() => this.checkMemory(), MEMORY_CHECK_MS);
    try {
      // A failed send shows as the end of the child.
      if (message) this.child.send(message, () => {});
      const reply = this.unread.shift() ?? (await new Promise<Reply>((resolve) => (this.receive = resolve)));
      if (reply.kind === 'ended') return reply;
      if (!this.checkMemory()) return await this.ended;
      if (reply.kind === 'error' && reply.fatal) await this.kill('killed');
      return reply;
    } finally {
      clearTimeout(limit);
      clearInterval(watch);
    }
  }

  /** Ends the child and whatever it started, without asking; resolves when it is gone. */
  kill(cause: KillCause): Promise<Ended> {
    this.notePeak();
    if (this.alive) {
      this.killedFor = cause;
      killGroup(this.child);
    }
    return this.ended;
  }

  /** Reads the high-water mark of the child's memory. */
  notePeak(): void {
    const { pid } = this.child;
    if (this.alive && pid !== undefined) this.raisePeak(peakRssBytes(pid) ?? 0);
  }

  private checkMemory(): boolean {
    this.notePeak();
    if (this.peakRssBytes <= this.spec.memorySize * 1024 * 1024) return true;
    void this.kill('memory');
    return false;
  }

  private hear(message: RuntimeMessage): void {
    if (message.kind === 'memory') this.raisePeak(message.peakRssBytes);
    else this.deliver(message);
  }

  private raisePeak(bytes: number): void {
    if (bytes <= this.peakRssBytes) return;
    this.peakRssBytes = bytes;
    this.onPeak(bytes);
  }

  private deliver(reply: Reply): void {
    if (!this.receive) this.unread.push(reply);
    this.receive?.(reply);
    this.receive = undefined;
  }

  private untilGone(): Promise<Ended> {
    const { child } = this;
    return new Promise((resolve) => {
      child.on('error', (failure) => {
        if (child.pid === undefined) resolve({ kind: 'ended', code: null, signal: null, failure });
      });
      child.once('exit', (code, signal) => {
        const finish = () => resolve({ kind: 'ended', ...(this.killedFor && { cause: this.killedFor }), code, signal });
        // The last message may still lie in the channel.
        if (child.connected) child.once('disconnect', finish);
        else finish();
      });
    });
  }
}

function startChild({ spec, program, variables, logFd }: Launch): ChildProcess {
  return spawn(process.execPath, [...nodeFlags(spec.memorySize), '--eval', program], {
    cwd: spec.codeDir,
    env: variables,
    stdio: ['ignore', logFd, logFd, 'ipc'],
    // A group of its own: Ctrl-C in a terminal reaches the parent alone, and a kill reaches grandchildren too.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/** The flags with which Lambda starts Node: the heap grows with the memory size. */
function nodeFlags(memorySize: number): string[] {
  return [
    '--expose-gc',
    `--max-semi-space-size=${Math.floor((memorySize * 5) / 100)}`,
    `--max-old-space-size=${Math.floor((memorySize * 90) / 100)}`,
  ];
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone, or is all zombies, which macOS calls EPERM.
    child.kill('SIGKILL');
  }
}
