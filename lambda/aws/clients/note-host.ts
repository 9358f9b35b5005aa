/**
 * Middleware of an SDK client: an error that a request ends with carries the `host` that the request went to, which
 * the errors of a connection do not tell.
 */
export function noteHost<Args extends { request: unknown }, Result>(
  next: (args: Args) => Promise<Result>,
): (args: Args) => Promise<Result> {
  return async (args) => {
    try {
      return await next(args);
    } catch (error) {
      if (error instanceof Error) Object.assign(error, { host: hostOf(args.request) });
      throw error;
    }
  };
}

function hostOf(request: unknown): string {
  const { hostname = '', port } = request as { hostname?: string; port?: number };
  return port === undefined ? hostname : `${hostname}:${port}`;
}
