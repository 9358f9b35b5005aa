const MB = 1e6;
const CONFIG = 10_000;

/** Images of the model, by bytes; a layer of more than 42,000 MiB is none that ECR takes. */
export const IMAGE_BYTES = [100 * MB, 1_000 * MB, 10_000 * MB, 50_000 * MB];
export const LAYER_COUNTS = [1, 4, 20];
export const LARGEST_LAYER = 42_000 * 1024 ** 2;

/** A config and so many layers, of equal size or, as in most images, few large ones and many small, the largest last. */
export function layerSizes(bytes: number, count: number, shape: 'equal' | 'skewed'): number[] {
  const weights = Array.from({ length: count }, (_, at) => (shape === 'equal' ? 1 : 0.75 ** (count - at)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return [CONFIG, ...weights.map((weight) => Math.max(1, Math.round((bytes * weight) / total)))];
}

/** `10 GB`, `100 MB`. */
export function sizeName(bytes: number): string {
  return bytes >= 1e9 ? `${bytes / 1e9} GB` : `${bytes / 1e6} MB`;
}
