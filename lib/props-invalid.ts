/** Thrown while an app is synthesized: a Slipway cannot be made with these props. */
export class PropsInvalid extends Error {
  override readonly name = 'PropsInvalid';
  /** A sentence for each prop at fault, with its name and what to do. */
  readonly problems: readonly string[];

  /** @param where path of the construct */
  constructor(where: string, problems: readonly string[]) {
    super(`${where} cannot be made so:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}
