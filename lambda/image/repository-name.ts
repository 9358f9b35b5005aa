const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
const NAME = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** What an ECR repository name must be, for messages. */
export const REPOSITORY_RULE =
  '2 to 256 characters: a-z and 0-9, single ".", "_", "__" or "-" between them, "/" between segments';
/** What a tag must be, for messages. https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
export const TAG_RULE = '1 to 128 characters: letters, digits, "_", "." and "-", not beginning with "." or "-"';

/** Whether ECR takes this as a repository name. */
export function isRepositoryName(text: string): boolean {
  return text.length >= 2 && text.length <= 256 && NAME.test(text);
}

/** Whether ECR takes this as a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}
