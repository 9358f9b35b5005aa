import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution } from './execution';

const SUFFIX = '.json';

/** Executions as files, one each; a write replaces the whole file at once. */
export class ExecutionStore {
  readonly #directory: string;

  constructor(dataDir: string) {
    this.#directory = join(dataDir, 'executions');
    mkdirSync(this.#directory, { recursive: true });
  }

  /** All executions on file. */
  load(): Execution[] {
    const names = readdirSync(this.#directory).filter((name) => name.endsWith(SUFFIX));
    return names.map((name) => JSON.parse(readFileSync(join(this.#directory, name), 'utf8')) as Execution);
  }

  save(execution: Execution): void {
    // Names may differ in case alone, which not every file system tells apart.
    const name = createHash('sha256').update(execution.executionArn).digest('hex');
    const path = join(this.#directory, `${name}${SUFFIX}`);
    writeFileSync(`${path}.new`, JSON.stringify(execution));
    renameSync(`${path}.new`, path);
  }
}
