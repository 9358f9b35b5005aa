import { admission } from './authorization';
import { EcrError } from './errors';
import { sendV2Error, V2Error } from './v2-errors';
import { type Exchange, sendJson } from './v2-exchange';
import { sendCatalog, sendReferrers, sendTags } from './v2-listings';
import { redirectToBlob, sendBlobHead, sendManifest } from './v2-pulls';
import { finishUpload, patchUpload, putManifest, startUpload } from './v2-pushes';
import { type Route, routeOf } from './v2-routes';

/** Answers one request of docker, skopeo and their like. https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md */
export async function serveV2(exchange: Exchange): Promise<void> {
  exchange.response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
  if (!admitted(exchange)) return;
  try {
    await answer(exchange, routeOf(decoded(exchange.url.pathname)));
  } catch (error) {
    if (!(error instanceof EcrError || error instanceof V2Error)) throw error;
    sendV2Error(exchange.response, error);
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new V2Error(400, 'UNSUPPORTED', `'${path}' is not a path`);
  }
}

/** The two refusals are plain text, which clients that expect JSON stumble over in ECR as well. */
function admitted({ dispatch: { registry }, origin, request, response }: Exchange): boolean {
  switch (admission(registry, request.headers.authorization)) {
    case 'granted':
      return true;
    case 'refused':
      response.setHeader('Www-Authenticate', `Basic realm="${origin}/",service="ecr.amazonaws.com"`);
      response.writeHead(401, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not Authorized\n');
      return false;
    case 'expired': {
      const message = 'Your authorization token has expired. Reauthenticate and try again.';
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(message);
      return false;
    }
  }
}

async function answer(exchange: Exchange, route: Route): Promise<void> {
  const method = exchange.request.method ?? '';
  switch (route.kind) {
    case 'root':
      return method === 'GET' || method === 'HEAD'
        ? sendJson(exchange.response, 'application/json', {})
        : refuse(method);
    case 'catalog':
      return method === 'GET' ? sendCatalog(exchange) : refuse(method);
    case 'tags':
      return method === 'GET' ? sendTags(exchange, route.repositoryName) : refuse(method);
    case 'referrers':
      return method === 'GET' ? sendReferrers(exchange, route.repositoryName, route.digest) : refuse(method);
    case 'manifest':
      if (method === 'PUT') return putManifest(exchange, route.repositoryName, route.reference);
      if (method !== 'GET' && method !== 'HEAD') return refuse(method);
      return sendManifest(exchange, route.repositoryName, route.reference);
    case 'blob':
      if (method === 'HEAD') return sendBlobHead(exchange, route.repositoryName, route.digest);
      return method === 'GET' ? redirectToBlob(exchange, route.repositoryName, route.digest) : refuse(method);
    case 'uploads':
      return method === 'POST' ? startUpload(exchange, route.repositoryName) : refuse(method);
    case 'upload':
      if (method === 'PATCH') return patchUpload(exchange, route.repositoryName, route.uploadId);
      return method === 'PUT' ? finishUpload(exchange, route.repositoryName, route.uploadId) : refuse(method);
    case 'unknown':
      throw new V2Error(404, 'UNSUPPORTED', 'There is nothing at this path');
  }
}

function refuse(method: string): never {
  throw new V2Error(405, 'UNSUPPORTED', `${method} is not supported here`);
}
