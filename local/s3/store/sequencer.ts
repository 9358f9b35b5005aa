/** Gives out event sequencers: hexadecimal, of one length, each greater than all before, across restarts too. */
export class Sequencer {
  private previous = 0n;

  constructor(private readonly now: () => number) {}

  /** Makes sure that what comes next is greater than `sequencer`. */
  passed(sequencer: string): void {
    const value = BigInt(`0x${sequencer}`);
    if (value > this.previous) this.previous = value;
  }

  next(): string {
    const clock = BigInt(Math.floor(this.now())) << 16n;
    this.previous = clock > this.previous ? clock : this.previous + 1n;
    return this.previous.toString(16).toUpperCase().padStart(16, '0');
  }
}
