import { Ajv2020 } from 'ajv/dist/2020';
import document from '../../docs/openapi.json';

interface DescribedOperation {
  readonly responses: Readonly<Record<string, { content: { 'application/json': { schema: { $ref: string } } } }>>;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).addSchema({
  $id: 'openapi',
  components: document.components,
});

/** Throws for an answer whose status or body docs/openapi.json does not have for that operation. */
export function requireDescribed(method: string, path: string, answer: { status: number; body: unknown }): void {
  const operation = operationFor(method, path);
  // What the API does not have is refused by the gateway, and described nowhere.
  if (!operation) return;
  const response = operation.responses[answer.status];
  if (!response) throw new Error(`docs/openapi.json has no answer ${answer.status} to ${method} ${path}`);
  const { $ref } = response.content['application/json'].schema;
  const validate = ajv.getSchema(`openapi${$ref}`);
  if (validate?.(answer.body)) return;
  throw new Error(`the answer to ${method} ${path} is no ${$ref}: ${ajv.errorsText(validate?.errors)}`);
}

function operationFor(method: string, path: string): DescribedOperation | undefined {
  const paths = Object.entries(document.paths as unknown as Record<string, Record<string, DescribedOperation>>);
  const found = paths.find(([template]) => {
    const pattern = template.replace('{id}', '[^/]+').replace('{drop}', '.+');
    return new RegExp(`^${pattern}$`).test(path);
  });
  return found?.[1][method.toLowerCase()];
}
