/** Ctrl-C ends by way of `exit`, where the cursor comes back and children and folders go; codes as shells give them. */
export function endOnInterrupt(): void {
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
}
