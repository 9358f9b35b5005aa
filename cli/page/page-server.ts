import type { IncomingMessage, ServerResponse } from 'node:http';
import { withConfig } from '../../lambda/contract/page-config';
import type { CloudPlaces } from '../../local/cloud';

/** Where the page is served, beside where the API does. */
export const PAGE = '/_slipway/';

/** Serves the page as it is deployed, told the credentials of the local AWS, to browsers of this machine alone. */
export function pageServer({ apiUrl, environment }: CloudPlaces) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    // A name that somebody made point here is not this machine's.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return end(response, 403);
    if (!pathname.startsWith(PAGE)) return end(response, 302, { Location: PAGE });
    if (pathname !== PAGE || request.method !== 'GET') return end(response, 404);
    const page = await fetch(`${apiUrl}page`);
    const html = withConfig(await page.text(), {
      api: new URL(apiUrl).pathname,
      region: environment.AWS_REGION ?? '',
      credentials: {
        accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
      },
    });
    const headers = ['content-type', 'content-security-policy', 'x-content-type-options', 'cache-control'];
    end(response, page.status, Object.fromEntries(headers.map((name) => [name, page.headers.get(name) ?? ''])), html);
  };
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void {
  response.writeHead(status, headers).end(body);
}
