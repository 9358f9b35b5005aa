import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv-draft-04';

/** Says what is wrong with a body, as one line; undefined where nothing is. */
export type BodyCheck = (body: string) => string | undefined;

/** Checks bodies against a model: a schema of draft 4. An empty body counts as an empty object. */
export function bodyCheck(schema: object): BodyCheck {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  return (body) => {
    try {
      return complaint(validate, JSON.parse(body === '' ? '{}' : body));
    } catch {
      return 'Invalid JSON in request body';
    }
  };
}

function complaint(validate: ValidateFunction, body: unknown): string | undefined {
  if (validate(body)) return undefined;
  return `[${(validate.errors ?? []).map(text).join(', ')}]`;
}

function text({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: string[] };
  const detail = additionalProperty ?? allowedValues?.join(', ');
  return `${instancePath || 'object'} ${message}${detail === undefined ? '' : `: ${detail}`}`;
}
