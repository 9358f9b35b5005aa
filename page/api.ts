import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { PageConfig } from '../lambda/contract/page-config';
import type { Problem } from '../lambda/contract/push-api';
import type { Credentials } from './credentials';

/** A request that the API did not serve. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${problem.code}: ${problem.message}`);
  }
}

/** The API, called by whom the credentials belong to; they are kept in this object, and nowhere else. */
export class Api {
  readonly #signer: SignatureV4;
  readonly #address: URL;

  constructor({ api, region }: PageConfig, credentials: Credentials) {
    this.#signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
    // `…/page` and `…/page/` are the same page.
    this.#address = new URL(api, location.href.replace(/\/*([?#].*)?$/, ''));
  }

  /** @param path from the API on, its query behind it. Errors: Refused, and TypeError where nothing answers. */
  get<T>(path: string): Promise<T> {
    return this.#send('GET', path);
  }

  post<T>(path: string, document: unknown): Promise<T> {
    return this.#send('POST', path, JSON.stringify(document));
  }

  async #send<T>(method: string, path: string, body?: string): Promise<T> {
    const url = new URL(path, this.#address);
    const content = body === undefined ? {} : { body };
    const signed = await this.#signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...content,
    });
    // The browser says itself which host it asks.
    const { host: _, ...headers } = signed.headers;
    const response = await fetch(url, { method, headers, ...content, cache: 'no-store' });
    const answer: unknown = await response.json().catch(() => NO_ANSWER);
    if (response.ok) return answer as T;
    throw new Refused(response.status, { ...NO_ANSWER, ...(answer as Partial<Problem>) });
  }
}

const NO_ANSWER: Problem = {
  code: 'ServiceUnavailable',
  message: 'what answered is not the API',
  remedy: 'Look at the log of the API.',
};
