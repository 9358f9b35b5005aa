/** A time as awsJson1.0 writes it: epoch seconds with milliseconds after the point. */
export function timestamp(ms: number): number {
  return ms / 1000;
}
