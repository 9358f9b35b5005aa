import type { IKey } from 'aws-cdk-lib/aws-kms';

/** How pushes of a drop create repositories that are missing, in the own account. What is there is never changed. */
export interface CreateRepositories {
  /**
   * Those that are created, as patterns within the drop's `repositories`; others must be there.
   * @default - all that the drop may push to
   */
  readonly repositories?: readonly string[];
  /**
   * Whether their tags are immutable.
   * @default false
   */
  readonly immutableTags?: boolean;
  /**
   * Whether ECR scans each image that is pushed to them.
   * @default - as the registry is configured
   */
  readonly scanOnPush?: boolean;
  /**
   * Key that they are encrypted with, of the region of the stack.
   * @default - AES-256 with a key of ECR's own
   */
  readonly encryptionKey?: IKey;
  /**
   * Their tags, of the AWS kind.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}
