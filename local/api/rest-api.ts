/** One method of a REST API with a function behind it. */
export interface RestMethod {
  /** Path of the resource, such as `/pushes/{id}` or `/drops/{drop+}`. */
  readonly resource: string;
  readonly httpMethod: string;
  readonly functionArn: string;
  /** Whether callers must sign. */
  readonly isSigned: boolean;
  /** JSON Schema, draft 4, of an application/json body. */
  readonly bodySchema?: object;
}

/** A body for answers that the gateway gives on its own, by response type. */
export interface GatewayResponse {
  readonly type: string;
  readonly statusCode?: number;
  /** With `$context` variables in it. */
  readonly template?: string;
}

/** One deployed stage of a REST API. */
export interface RestApi {
  readonly id: string;
  readonly stage: string;
  readonly methods: readonly RestMethod[];
  readonly responses: readonly GatewayResponse[];
}

/** The method that a path leads to, and what stands in the places of its variables, decoded. */
export interface Route {
  readonly method: RestMethod;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Finds the method for a path below the stage; what is literal comes before a variable, that before a greedy one. */
export function routeTo({ methods }: RestApi, httpMethod: string, path: string): Route | undefined {
  const routes = methods
    .filter((method) => method.httpMethod === httpMethod || method.httpMethod === 'ANY')
    .flatMap((method) => {
      const pathParameters = match(method.resource, path);
      return pathParameters ? [{ method, pathParameters }] : [];
    });
  return routes.sort((one, other) => openness(one.method) - openness(other.method))[0];
}

function match(resource: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = resource.replace(/\{(\w+)(\+?)\}|[.*+?^$()|[\]\\]/g, (literal, name: string | undefined, greedy) => {
    if (name === undefined) return `\\${literal}`;
    names.push(name);
    return greedy ? '(.+)' : '([^/]+)';
  });
  const found = new RegExp(`^${pattern}/?$`).exec(path);
  if (!found) return undefined;
  return Object.fromEntries(names.map((name, at) => [name, decoded(found[at + 1] ?? '')]));
}

function openness({ resource }: RestMethod): number {
  return (resource.match(/\{\w+\}/g)?.length ?? 0) + 10 * (resource.match(/\+\}/g)?.length ?? 0);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
