/** A Slipway cannot be made with these props. */
export class PropsInvalid extends Error {
  override readonly name = 'PropsInvalid';

  /**
   * @param where path of the construct
   * @param problems a sentence for each prop at fault, with its name
   */
  constructor(
    where: string,
    readonly problems: readonly string[],
  ) {
    super(`${where} cannot be made so:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}
