import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Bytes that went over the local AWS's port, headers included. */
export interface TrafficCount {
  /** Answers of S3. */
  fromS3: number;
  /** Requests to S3. */
  toS3: number;
  /** Requests to ECR, by its API or as a docker registry. */
  toEcr: number;
  requests: number;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly socket: Socket;
}

/** Counts what the servers of this process receive and send from now on. */
export class Traffic {
  #count: TrafficCount = none();

  constructor() {
    const begun = new WeakMap<IncomingMessage, { read: number; written: number }>();
    subscribe('http.server.request.start', (message) => {
      const { request, socket } = message as Exchange;
      // The head of the request is read by now.
      begun.set(request, { read: socket.bytesRead, written: socket.bytesWritten });
    });
    subscribe('http.server.response.finish', (message) => {
      const { request, socket, response } = message as Exchange & { response: ServerResponse };
      const at = begun.get(request);
      if (at && response.socket !== undefined)
        this.#add(request, socket.bytesRead - at.read, socket.bytesWritten - at.written);
    });
  }

  /** What was counted since the last call. */
  take(): TrafficCount {
    const count = this.#count;
    this.#count = none();
    return count;
  }

  #add({ headers, url = '' }: IncomingMessage, received: number, sent: number): void {
    this.#count.requests += 1;
    const isEcr = url.startsWith('/v2') || String(headers['x-amz-target']).startsWith('AmazonEC2ContainerRegistry');
    if (isEcr) this.#count.toEcr += received;
    else if (headers['x-amz-target'] === undefined) {
      this.#count.toS3 += received;
      this.#count.fromS3 += sent;
    }
  }
}

function none(): TrafficCount {
  return { fromS3: 0, toS3: 0, toEcr: 0, requests: 0 };
}
