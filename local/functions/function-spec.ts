import { statSync } from 'node:fs';
import { InvalidFunctionSpec } from './errors';

/** One deployed function. https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** Directory with the unpacked code: the working directory and LAMBDA_TASK_ROOT of the function. */
  readonly codeDir: string;
  /** File and export: `index.handler`. */
  readonly handler: string;
  /** MiB, 128 to 10,240. */
  readonly memorySize: number;
  /** Seconds, 1 to 900. */
  readonly timeout: number;
  readonly environment: Record<string, string>;
  /** Invocations at one time; more are throttled. */
  readonly reservedConcurrency?: number;
}

/** Throws {@link InvalidFunctionSpec} for the first function that Lambda would not create. */
export function checkSpecs(specs: readonly FunctionSpec[]): void {
  const names = new Set<string>();
  for (const spec of specs) {
    if (names.has(spec.name)) throw new InvalidFunctionSpec(`Two functions are called "${spec.name}".`);
    names.add(spec.name);
    checkSpec(spec);
  }
}

/**
 * The function a name, ARN, partial ARN (`account:function:name`), or one of these with a qualifier stands for. Every
 * qualifier means the one code there is.
 */
export function findSpec<Spec extends FunctionSpec>(
  specs: Iterable<Spec>,
  reference: string,
  accountId: string,
): Spec | undefined {
  for (const spec of specs) {
    const forms = [spec.name, spec.arn, `${accountId}:function:${spec.name}`, `function:${spec.name}`];
    if (forms.some((form) => reference === form || isQualified(reference, form))) return spec;
  }
  return undefined;
}

function isQualified(reference: string, form: string): boolean {
  return reference.startsWith(`${form}:`) && /^(\$LATEST|[\w-]+)$/.test(reference.slice(form.length + 1));
}

function checkSpec({ name, codeDir, handler, memorySize, timeout, reservedConcurrency = 0 }: FunctionSpec): void {
  const refuse = (found: string, expected: string): never => {
    throw new InvalidFunctionSpec(`Function "${name}" has ${found}; expected ${expected}.`);
  };
  if (!/^[\w-]{1,64}$/.test(name)) refuse('this name', '1 to 64 letters, digits, hyphens or underscores');
  if (!/^[^.\s]+\.\S+$/.test(handler)) refuse(`handler "${handler}"`, 'file and export, as in "index.handler"');
  if (!isIntegerWithin(memorySize, 128, 10_240)) refuse(`memorySize ${memorySize}`, '128 to 10240 MiB');
  if (!isIntegerWithin(timeout, 1, 900)) refuse(`timeout ${timeout}`, '1 to 900 seconds');
  if (!isIntegerWithin(reservedConcurrency, 0, Number.MAX_SAFE_INTEGER)) {
    refuse(`reservedConcurrency ${reservedConcurrency}`, 'a whole number, not negative');
  }
  if (!statSync(codeDir, { throwIfNoEntry: false })?.isDirectory()) refuse(`codeDir "${codeDir}"`, 'a directory');
}

function isIntegerWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
