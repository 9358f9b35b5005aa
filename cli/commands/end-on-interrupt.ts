let farewell: (() => string) | undefined;

/** Ctrl-C ends by way of `exit`, where the cursor comes back and children and folders go; codes as shells give them. */
export function endOnInterrupt(): void {
  const end = (code: number) => () => {
    const said = farewell?.();
    if (said !== undefined) process.once('exit', () => process.stderr.write(`${said}\n`));
    process.exit(code);
  };
  process.once('SIGINT', end(130)).once('SIGTERM', end(143));
}

/** What is said when the command is interrupted from now on. */
export function onInterruptSay(said: (() => string) | undefined): void {
  farewell = said;
}
