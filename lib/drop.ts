import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** Who may push where, and who hears of it: a folder of the drop bucket and the repositories its tarballs may go to. */
export interface Drop {
  /** Folder of the drop bucket, in whole path segments, with or without a last "/"; '' is the whole bucket. */
  readonly prefix: string;
  /** Repository names; `*` stands for any characters, "/" included. */
  readonly repositories: readonly string[];
  /**
   * Topic that is told how each push of this drop ended: one message, the event of docs/notice.schema.json.
   * @default - none
   */
  readonly notify?: ITopic;
  /**
   * Addresses that are sent the same by e-mail, once each has confirmed; a topic is made for them.
   * @default - none
   */
  readonly notifyEmails?: readonly string[];
}

/** Value of `SLIPWAY_DROPS`: what the functions need to know of the drops. */
export function dropsJson(drops: readonly Drop[]): string {
  return JSON.stringify(drops.map(({ prefix, repositories }) => ({ prefix, repositories })));
}
