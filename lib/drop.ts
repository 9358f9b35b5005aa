import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { CreateRepositories } from './create-repositories';

/** Who may push where, and who hears of it: a folder of the drop bucket and the repositories its tarballs may go to. */
export interface Drop {
  /**
   * Folder of the drop bucket, in whole path segments, with or without a last "/"; '' is the whole bucket. The longest
   * prefix that a key lies under decides alone: `team-a` is not over `team-ab/app/1.tar`.
   */
  readonly prefix: string;
  /** Repository names; `*` stands for any characters, "/" included. */
  readonly repositories: readonly string[];
  /**
   * Tags that a push may set, as patterns like those of repositories; signatures of an image may always go with it.
   * @default - any
   */
  readonly tags?: readonly string[];
  /**
   * How repositories of this drop are created when they are missing; `{}` creates them as ECR does by itself.
   * @default - they are not
   */
  readonly createRepositories?: CreateRepositories;
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
  return JSON.stringify(drops.map(dropRule));
}

/** A drop as the functions know it. */
export function dropRule({ prefix, repositories, tags, createRepositories }: Drop): object {
  if (!createRepositories) return { prefix, repositories, tags };
  const { encryptionKey, ...settings } = createRepositories;
  const kmsKey = encryptionKey && { kmsKey: encryptionKey.keyArn };
  return { prefix, repositories, tags, createRepositories: { ...settings, ...kmsKey } };
}
