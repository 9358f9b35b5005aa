import type { Environment, KillCause } from './environment';
import { FunctionsClosed, ServiceException } from './errors';

interface Waiter {
  readonly functionName: string;
  readonly resolve: (environment: Environment) => void;
  readonly reject: (reason: unknown) => void;
}

/** All environments of all functions, never more than `limit`; who finds none waits in line. */
export class EnvironmentPool {
  private idle: Environment[] = [];
  private readonly busy = new Set<Environment>();
  private readonly line: Waiter[] = [];
  private closed = false;

  constructor(
    private readonly limit: number,
    private readonly launch: (functionName: string) => Environment,
  ) {}

  /** An environment for one invocation: an idle one, else a new one. Rejects with the signal's reason on abort. */
  acquire(functionName: string, signal?: AbortSignal): Promise<Environment> {
    if (this.closed) return Promise.reject(new FunctionsClosed('The functions are closed.'));
    return new Promise<Environment>((resolve, reject) => {
      const leave = () => {
        this.line.splice(this.line.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        functionName,
        resolve: (environment) => {
          signal?.removeEventListener('abort', leave);
          resolve(environment);
        },
        reject,
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.line.push(waiter);
      this.serveLine();
    });
  }

  /** Gives an environment back; a dead one is dropped. */
  release(environment: Environment): void {
    this.busy.delete(environment);
    if (environment.alive) this.idle.push(environment);
    this.serveLine();
  }

  /** Every environment there is. */
  all(): Environment[] {
    return [...this.busy, ...this.idle];
  }

  /** Ends environments of one function, or all; idle ones are gone when it returns, busy ones when released. */
  kill(cause: KillCause, functionName?: string): Promise<unknown> {
    const chosen = this.all().filter(({ spec }) => functionName === undefined || spec.name === functionName);
    return Promise.all(chosen.map((environment) => environment.kill(cause)));
  }

  /** Ends the environments that are at work; they are dropped when they are released. */
  killBusy(cause: KillCause): Promise<unknown> {
    return Promise.all([...this.busy].map((environment) => environment.kill(cause)));
  }

  /** Ends all environments and sends the line away; resolves when every child is gone. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.line.splice(0)) reject(new FunctionsClosed('The functions were closed.'));
    await this.kill('closed');
  }

  private serveLine(): void {
    for (let first = this.line[0]; first; first = this.line[0]) {
      try {
        const environment = this.place(first.functionName);
        if (!environment) return;
        this.busy.add(environment);
        first.resolve(environment);
      } catch (error) {
        first.reject(new ServiceException('No child could be started.', { cause: error }));
      }
      this.line.shift();
    }
  }

  private place(functionName: string): Environment | undefined {
    this.idle = this.idle.filter(({ alive }) => alive);
    const warm = this.idle.findLastIndex(({ spec }) => spec.name === functionName);
    if (warm >= 0) return this.idle.splice(warm, 1)[0];
    if (this.busy.size + this.idle.length < this.limit) return this.launch(functionName);
    const longestIdle = this.idle.shift();
    if (!longestIdle) return undefined;
    void longestIdle.kill('evicted');
    return this.launch(functionName);
  }
}
