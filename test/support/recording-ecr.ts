import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceivedRequest } from './signature-v4';

/** A server on loopback that keeps each request, and answers the n-th with the n-th answer, the last one for ever. */
export class RecordingEcr {
  readonly requests: ReceivedRequest[] = [];
  answers: { status: number; body: object }[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      const { method = '', url = '', headers } = request;
      this.requests.push({ method, path: url, headers, body: Buffer.concat(pieces) });
      const { status, body } = this.answers[this.requests.length - 1] ??
        this.answers.at(-1) ?? { status: 500, body: {} };
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  }

  /** Endpoint of the server. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
