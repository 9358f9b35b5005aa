/** A command cannot do what it was asked: shown without a stack, with the remedy on a line of its own. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}
