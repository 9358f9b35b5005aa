import type { Evidence } from '../contract/finding';

// Names as in Service Quotas: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
const QUOTAS: readonly [action: string, words: RegExp, quota: string][] = [
  ['ecr:UploadLayerPart', /part/i, 'Layer parts'],
  ['ecr:UploadLayerPart', /./, 'Maximum layer size'],
  ['ecr:PutImage', /tag/i, 'Tags per image'],
  ['ecr:PutImage', /./, 'Images per repository'],
  ['ecr:CreateRepository', /tag/i, 'Tags per repository'],
  ['ecr:CreateRepository', /./, 'Registered repositories'],
];

/** Name of the quota that a refused call has used up; undefined where it cannot be told. */
export function quotaOf({ action, words = action }: Evidence): string | undefined {
  return QUOTAS.find(([of, pattern]) => of === action && pattern.test(words ?? ''))?.[2];
}
