import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 collect the whole heap once the room it has is nearly used up. By itself it begins as soon as less is left than its
 * young generation may hold, which the bodies of S3 and ECR, outside the heap as they are, come to over and over again.
 * For the whole process.
 */
export function collectLater(): void {
  setFlagsFromString('--incremental-marking-soft-trigger=80');
  setFlagsFromString('--incremental-marking-hard-trigger=90');
}
