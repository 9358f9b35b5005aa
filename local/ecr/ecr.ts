import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DOWNLOADS, serveDownload } from './blob-downloads';
import { Catalog } from './catalog';
import { Dispatch } from './dispatch';
import { HtmlReply, Unanswered } from './fault-effects';
import type { FaultHook } from './faults';
import { HangingReplies } from './hanging-replies';
import { serveJson } from './json-door';
import { collectUnreferencedLayers } from './layer-operations';
import type { Registry } from './registry';
import { QUOTA } from './rules';
import { openSecret } from './secret';
import { type EcrTally, Tally } from './tally';
import { UploadDesk } from './upload-desk';
import { serveV2 } from './v2-door';

/** How one emulated registry is set up. */
export interface EcrOptions {
  /** Directory of its own; everything in it survives a restart. */
  readonly dataDir: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly faults?: FaultHook;
  /** Bytes that InitiateLayerUpload recommends; 10,485,760 where left out. One below 5 MiB is also the least of every part but the last. */
  readonly partSize?: number;
  /** Refuse parts of more than 10 MiB, as the quota says and the API model does not; true where left out. */
  readonly strictPartSize?: boolean;
  /** Seconds after which an open upload is gone; never where left out. */
  readonly uploadLifetime?: number;
  /** Completing a layer drops the open uploads that hold its first bytes; false where left out. */
  readonly dropSiblings?: boolean;
}

/** One emulated registry. */
export interface Ecr {
  /** Answers `POST /` with a target of ECR, everything under `/v2/`, and the download addresses under `/v2-blobs/`. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Drops an open upload: its next call gets UploadNotFoundException. */
  forgetUpload(uploadId: string): void;
  /** Deletes the layers that no manifest names; returns their digests. */
  collectUnreferencedLayers(repositoryName: string): Promise<string[]>;
  readonly sent: EcrTally;
  /** Ends the sockets that faults left hanging, and waits for what is being written. */
  close(): Promise<void>;
}

/** Opens the registry kept in `dataDir`, or an empty one. */
export function createEcr(options: EcrOptions): Ecr {
  const registry = openRegistry(options);
  const dispatch = new Dispatch(registry, options.faults);
  const hanging = new HangingReplies();
  return {
    handle: (request, response) =>
      serve(dispatch, request, response).catch((error: unknown) => giveUp(error, response, hanging)),
    forgetUpload: (uploadId) => registry.uploads.forget(uploadId),
    collectUnreferencedLayers: (repositoryName) => collectUnreferencedLayers(registry, repositoryName),
    sent: registry.tally,
    close: async () => {
      hanging.end();
      await registry.uploads.idle();
      await registry.catalog.idle();
    },
  };
}

function openRegistry(options: EcrOptions): Registry {
  const { accountId, dataDir, region, dropSiblings = false, now = Date.now, uploadLifetime } = options;
  const { partSize = QUOTA.part } = options;
  const innerPart = Math.min(partSize, QUOTA.innerPart);
  const lifetime = uploadLifetime === undefined ? undefined : uploadLifetime * 1000;
  return {
    region,
    accountId,
    partSize,
    strictPartSize: options.strictPartSize ?? true,
    dropSiblings,
    now,
    secret: openSecret(dataDir),
    catalog: new Catalog(dataDir, accountId),
    uploads: new UploadDesk(join(dataDir, 'uploads'), now, innerPart, lifetime),
    tally: new Tally(),
  };
}

async function serve(dispatch: Dispatch, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  const url = new URL(request.url ?? '/', origin);
  if (url.pathname === '/') return serveJson(dispatch, origin, request, response);
  if (url.pathname === '/v2' || url.pathname.startsWith('/v2/')) {
    return serveV2({ dispatch, request, response, url, origin });
  }
  if (!url.pathname.startsWith(DOWNLOADS)) {
    response.writeHead(404, { 'Content-Length': 0 }).end();
    return;
  }
  await serveDownload({ dispatch, request, response, url, origin });
}

/** The last resort of a request: faults that are no answer of the service, clients gone, and bugs. */
function giveUp(error: unknown, response: ServerResponse, hanging: HangingReplies): void {
  if (error instanceof Unanswered && error.socket === 'left-open') {
    hanging.add(response);
  } else if (error instanceof HtmlReply) {
    const body = '<html><body><b>Http/1.1 Service Unavailable</b></body></html>';
    response.writeHead(error.status, { 'Content-Type': 'text/html', 'Content-Length': body.length }).end(body);
  } else if (error instanceof Unanswered || response.headersSent || !response.req.complete) {
    response.destroy();
  } else {
    const body = JSON.stringify({ __type: 'ServerException', message: String(error) });
    response.writeHead(500, { 'Content-Type': 'application/x-amz-json-1.1' }).end(body);
  }
}
