import { ServiceError } from '../service-error';

const MOST_RESULTS = 1000;
const DEFAULT_RESULTS = 100;

/** Reads the parameters of one request, each as the type it must have; ValidationException otherwise. */
export class RequestFields {
  constructor(private readonly fields: Readonly<Record<string, unknown>>) {}

  text(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string')
      throw new ServiceError('SerializationException', `'${name}' can not be converted to a String`);
    return value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw constraint(name, 'null', 'Member must not be null');
    return value;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.fields[name] ?? otherwise;
    if (typeof value !== 'boolean')
      throw new ServiceError('SerializationException', `'${name}' can not be converted to a Boolean`);
    return value;
  }

  /** One of some words, or undefined. */
  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    const found = allowed.find((word) => word === value);
    if (value !== undefined && found === undefined) {
      throw constraint(name, `'${value}'`, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
    }
    return found;
  }

  /** `maxResults`: 0 or none stands for the default. */
  maxResults(): number {
    const value = this.fields.maxResults ?? 0;
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      throw new ServiceError('SerializationException', "'maxResults' can not be converted to an Integer");
    }
    if (value < 0) throw constraint('maxResults', `'${value}'`, 'Member must have value greater than or equal to 0');
    if (value > MOST_RESULTS)
      throw constraint('maxResults', `'${value}'`, `Member must have value less than or equal to ${MOST_RESULTS}`);
    return value === 0 ? DEFAULT_RESULTS : value;
  }

  /** An optional text of a bounded length. */
  shortText(name: string, longest: number): string | undefined {
    const value = this.text(name);
    if (value !== undefined && value.length > longest) {
      throw constraint(name, `'${value.slice(0, 20)}…'`, `Member must have length less than or equal to ${longest}`);
    }
    return value;
  }
}

function constraint(name: string, found: string, rule: string): ServiceError {
  const message = `1 validation error detected: Value ${found} at '${name}' failed to satisfy constraint: ${rule}`;
  return new ServiceError('ValidationException', message);
}
