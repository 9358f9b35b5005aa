import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECRClient } from '@aws-sdk/client-ecr';
import { createEcr, type Ecr, type EcrOptions } from '../../../local/ecr/ecr';

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';

/** A registry behind a server on loopback, and the real SDK pointed at it. */
export interface Fixture {
  ecr: Ecr;
  client: ECRClient;
  origin: string;
  /** A request on the docker side, as `AWS:x` unless told otherwise; redirects are not followed. */
  docker(method: string, path: string, init?: RequestInit): Promise<Response>;
  /** A new emulator on the same data, as after a restart. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a registry on an empty directory, which `stop` removes. */
export async function startRegistry(options: Partial<EcrOptions> = {}): Promise<Fixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ecr-'));
  const open = () => createEcr({ dataDir, region: REGION, accountId: ACCOUNT, ...options });
  let ecr = open();
  const server = http.createServer((request, response) => void ecr.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new ECRClient({ endpoint: origin, region: REGION, credentials, maxAttempts: 1 });
  return {
    get ecr() {
      return ecr;
    },
    client,
    origin,
    docker: (method, path, init = {}) =>
      fetch(`${origin}${path}`, { method, redirect: 'manual', ...init, headers: { ...basic('x'), ...init.headers } }),
    restart: async () => {
      await ecr.close();
      ecr = open();
    },
    stop: async () => {
      client.destroy();
      await ecr.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The header a docker client logs in with. */
export function basic(password: string, user = 'AWS'): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
