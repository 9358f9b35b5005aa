/**
 * Holds back the last bytes of a part until the part before it is stored: no server can read a JSON body before its
 * end, so ECR sees the parts in order while the next one is on the wire already. A gated request is tried once.
 */
export class Gate {
  /** Whether the request had its one try. */
  tried = false;
  /** Whether bytes of the part are on the wire. */
  begun = false;
  /** Fires when the part is given up: its request ends where it is. */
  readonly abandoned = new AbortController();
  readonly #passed: Promise<void>;
  #open: () => void = () => undefined;

  constructor() {
    this.#passed = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  /** Lets the last bytes go. */
  open(): void {
    this.#open();
  }

  abandon(): void {
    this.abandoned.abort();
    this.#open();
  }

  /** Resolves when the gate is open, to true, or the part given up. */
  async passed(): Promise<boolean> {
    await this.#passed;
    return !this.abandoned.signal.aborted;
  }
}
