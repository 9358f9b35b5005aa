import { createHash, createHmac, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { requireDescribed } from './described-answers';

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, the tests say
  readonly body: any;
}

interface SignedClientOptions {
  readonly secretAccessKey?: string;
  readonly accessKeyId?: string;
  readonly region?: string;
  readonly service?: string;
  readonly signingDate?: Date;
}

/** Calls the API as any client of AWS does, signed by the SDK's own signer; what comes must be in docs/openapi.json. */
export class SignedClient {
  private readonly signer: SignatureV4;

  constructor(
    /** With a "/" at its end. */
    private readonly apiUrl: string,
    private readonly options: SignedClientOptions = {},
  ) {
    const { accessKeyId = 'local', secretAccessKey = 'local', region = 'us-east-1', service = 'execute-api' } = options;
    this.signer = new SignatureV4({ credentials: { accessKeyId, secretAccessKey }, region, service, sha256: Sha256 });
  }

  get(path: string): Promise<ApiAnswer> {
    return this.send('GET', path);
  }

  /** @param body an object, or text as it is */
  post(path: string, body?: unknown): Promise<ApiAnswer> {
    return this.send('POST', path, body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  }

  private async send(method: string, path: string, body?: string): Promise<ApiAnswer> {
    const url = new URL(path, this.apiUrl);
    const { signingDate = new Date() } = this.options;
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
    };
    const { headers } = await this.signer.sign(request, { signingDate });
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const answer = { status: response.status, headers: response.headers, body: await response.json() };
    requireDescribed(method, url.pathname.slice(new URL(this.apiUrl).pathname.length - 1), answer);
    return answer;
  }
}

class Sha256 {
  private readonly hash: Hmac | ReturnType<typeof createHash>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
