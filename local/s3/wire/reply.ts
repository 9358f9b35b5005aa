import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { S3Error } from './s3-error';
import type { S3Request } from './s3-request';
import { writeXml, type XmlElement } from './xml';

/** One answer, not sent yet. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, or the bytes of an object, whose length stands in the headers. */
  readonly body?: string | AsyncIterable<Buffer>;
  /** Called once when the answer is sent, or is not going to be. */
  readonly release?: () => void;
}

/** A 200 answer with an XML document. */
export function xmlReply(root: string, content: XmlElement | string, headers: Record<string, string> = {}): Reply {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body: writeXml(root, content) };
}

/** The answer to a refusal, or to a bug: InternalError with its message. */
export function errorReply(error: unknown, id: string, request?: S3Request): Reply {
  const refusal = error instanceof S3Error ? error : new S3Error('InternalError', { message: String(error) });
  return writtenError(refusal.status, refusal.code, refusal.message, {
    headers: refusal.headers,
    details: { ...refusal.details, ...(request ? { Resource: request.resource } : {}), RequestId: id },
  });
}

/** An error document with any code and status. */
export function writtenError(
  status: number,
  code: string,
  message: string,
  extra: { readonly headers?: Readonly<Record<string, string>>; readonly details: XmlElement },
): Reply {
  const content = { Code: code, Message: message, ...extra.details, HostId: 'local' };
  return {
    status,
    headers: { 'content-type': 'application/xml', ...extra.headers },
    body: writeXml('Error', content, true),
  };
}

/** Sends an answer; a HEAD request gets its headers alone. Rejects when the client goes away. */
export async function sendReply(res: ServerResponse, reply: Reply, id: string, method: string): Promise<void> {
  res.statusCode = reply.status;
  res.setHeader('x-amz-request-id', id);
  res.setHeader('x-amz-id-2', 'local');
  res.setHeader('server', 'AmazonS3');
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.setHeader(name, value);
  const bodiless = method === 'HEAD' || reply.status === 204 || reply.status === 304;
  if (typeof reply.body === 'string' && !bodiless) res.setHeader('content-length', Buffer.byteLength(reply.body));
  if (reply.body === undefined && !bodiless) res.setHeader('content-length', '0');
  const sent = finished(res);
  // Whoever hears of a failure is below; until then it is not one that nobody handles.
  sent.catch(() => undefined);
  if (!bodiless && typeof reply.body === 'object') for await (const piece of reply.body) await write(res, piece);
  res.end(bodiless || typeof reply.body !== 'string' ? undefined : reply.body);
  await sent;
}

/** Waits until the piece has left, for its memory is used again. Not every write to a client that goes away is answered. */
function write(res: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the client went away'));
    if (res.destroyed) return gone();
    res.once('close', gone);
    res.write(piece, (error) => {
      res.off('close', gone);
      if (error) reject(error);
      else resolve();
    });
  });
}
