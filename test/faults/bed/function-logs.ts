import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the functions wrote to their logs since it was made. */
export class FunctionLogs {
  readonly #sizes: ReadonlyMap<string, number>;

  constructor(private readonly folder: string) {
    this.#sizes = new Map(this.#files().map((file) => [file, statSync(file).size]));
  }

  sinceThen(): string {
    return this.#files()
      .map((file) =>
        readFileSync(file)
          .subarray(this.#sizes.get(file) ?? 0)
          .toString(),
      )
      .join('\n');
  }

  #files(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).map((name) => join(this.folder, name)) : [];
  }
}
