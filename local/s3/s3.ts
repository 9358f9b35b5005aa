import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { faultInput } from './fault-input';
import { cutShort, faultReply, withoutRange } from './fault-reply';
import type { Fault, FaultCall, FaultHook } from './faults';
import type { Call, CreationReason } from './operations/call';
import { type Route, routeOf } from './routes';
import { Store } from './store/store';
import { accessKeyId, requireSignature } from './wire/authorization';
import { refuseUnsupported } from './wire/object-headers';
import { errorReply, type Reply, sendReply } from './wire/reply';
import { S3Error } from './wire/s3-error';
import { parseRequest, type S3Request } from './wire/s3-request';

/** What an S3 is made of. */
export interface S3Options {
  /** Folder for everything that is kept; made where it is missing. One S3 at a time may have it open. */
  dataDir: string;
  region: string;
  /** Twelve digits: the owner of all buckets. */
  accountId: string;
  /** Clock in milliseconds. */
  now?: () => number;
  faults?: FaultHook;
  /** Asked when the key or the version of a GET or HEAD is not there: what the caller is told instead of that. */
  missingKeys?: FaultHook;
  /** Called once for each object, when it is durable and its answer is sent or lost. */
  onObjectCreated?: (event: ObjectCreated) => void;
}

/** An object came to be. */
export interface ObjectCreated {
  bucket: string;
  key: string;
  /** Bytes. */
  size: number;
  /** Without quotes. */
  etag: string;
  /** Absent where versioning was never on. */
  versionId?: string;
  /** Hexadecimal, strictly increasing, all of one length. */
  sequencer: string;
  reason: CreationReason;
  /** Milliseconds. */
  time: number;
}

/** An S3 without a port: whoever has the http server hands requests to `handle`. */
export interface S3 {
  /** Makes a bucket that is not there yet; `versioned` turns versioning on. */
  createBucket(name: string, options?: { versioned?: boolean }): Promise<void>;
  /** Answers one request. Rejects only where `onObjectCreated` throws. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Ends the sockets of calls under way, and waits until nothing writes to the data directory any more. */
  close(): Promise<void>;
}

/** Opens an S3 on a data directory. Trouble with the directory shows in the first call. */
export function createS3(options: S3Options): S3 {
  const emulator = new Emulator(options);
  return {
    createBucket: (name, settings) => emulator.createBucket(name, settings?.versioned ?? false),
    handle: (req, res) => emulator.handle(req, res),
    close: () => emulator.close(),
  };
}

class Emulator {
  private readonly opening: Promise<Store>;
  private readonly now: () => number;
  private readonly underWay = new Map<ServerResponse, Promise<void>>();
  private closed = false;

  constructor(private readonly options: S3Options) {
    this.now = options.now ?? Date.now;
    this.opening = Store.open(options.dataDir, this.now);
    // Reported by the calls that wait for it.
    this.opening.catch(() => {});
  }

  async createBucket(name: string, versioned: boolean): Promise<void> {
    const { bucket } = await (await this.opening).createBucket(name);
    if (versioned) await bucket.setVersioning('Enabled');
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const answered = this.answer(req, res);
    this.underWay.set(res, answered);
    try {
      await answered;
    } finally {
      this.underWay.delete(res);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const res of this.underWay.keys()) res.destroy();
    await Promise.allSettled(this.underWay.values());
    await this.opening.catch(() => {});
  }

  private async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const id = randomBytes(8).toString('hex').toUpperCase();
    const created: ObjectCreated[] = [];
    let request: S3Request | undefined;
    let call: FaultCall | undefined;
    try {
      if (this.closed) throw new S3Error('ServiceUnavailable');
      request = parseRequest(req);
      const route = this.admit(request);
      call = { operation: route.name, input: faultInput(request), accessKeyId: accessKeyId(request) };
      const fault = await this.options.faults?.(call);
      await this.perform(request, res, route, fault, id, created);
    } catch (error) {
      const instead = await this.insteadOf(error, call);
      const reply = (instead && faultReply(instead, id)) ?? errorReply(error, id, request);
      await send(res, reply, id, req.method ?? 'GET');
    }
    for (const event of created) this.options.onObjectCreated?.(event);
  }

  private async insteadOf(error: unknown, call: FaultCall | undefined): Promise<Fault | undefined> {
    const missing = error instanceof S3Error && ['NoSuchKey', 'NoSuchVersion'].includes(error.code);
    return missing && call ? this.options.missingKeys?.(call) : undefined;
  }

  private admit(request: S3Request): Route {
    requireSignature(request, this.now());
    const owner = request.header('x-amz-expected-bucket-owner');
    if (owner !== undefined && owner !== this.options.accountId) throw new S3Error('AccessDenied');
    refuseUnsupported(request);
    return routeOf(request);
  }

  private async perform(
    request: S3Request,
    res: ServerResponse,
    route: Route,
    fault: Fault | undefined,
    id: string,
    created: ObjectCreated[],
  ): Promise<void> {
    if (fault?.kind === 'hang') return untilClosed(request.body, res);
    if (fault?.kind === 'reset') return void res.destroy();
    const instead = fault && faultReply(fault, id);
    const asked = fault?.kind === 'whole-object' ? withoutRange(request) : request;
    const reply = instead ?? (await route.run(await this.call(asked, created)));
    if (fault?.kind === 'short-read') return send(res, cutShort(reply), id, request.method);
    if (fault?.kind !== 'reply-lost') return send(res, reply, id, request.method);
    reply.release?.();
    res.destroy();
  }

  private async call(request: S3Request, created: ObjectCreated[]): Promise<Call> {
    return {
      request,
      store: await this.opening,
      identity: this.options,
      announce: (bucket, key, version, reason) => {
        const { size, etag, versionId, sequencer, lastModified: time } = version;
        const named = bucket.versioning === 'Unversioned' ? {} : { versionId };
        created.push({ bucket: bucket.name, key, size, etag, ...named, sequencer, reason, time });
      },
    };
  }
}

async function send(res: ServerResponse, reply: Reply, id: string, method: string): Promise<void> {
  try {
    if (!res.destroyed) await sendReply(res, reply, id, method);
  } catch {
    // The client went away, or the bytes on disk did: either way the socket is closed, and that is the answer.
    res.destroy();
  } finally {
    reply.release?.();
  }
}

function untilClosed(req: IncomingMessage, res: ServerResponse): Promise<void> {
  // A socket that nobody reads does not notice that its other end is gone.
  req.resume();
  return new Promise((resolve) => {
    if (res.destroyed) resolve();
    else res.once('close', resolve);
  });
}
