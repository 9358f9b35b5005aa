import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { readBufferAgents } from '../../../lambda/aws/clients/read-buffer';
import { LOCALHOST } from '../../support/localhost-certificate';

// Many times the buffer of a socket.
const object = randomBytes(4 * 1024 * 1024 + 17);
const { httpAgent, httpsAgent } = readBufferAgents;

const servers: Server[] = [];
let secure = '';
let plain = '';

beforeAll(async () => {
  httpsAgent.options.ca = LOCALHOST.cert;
  const answer: RequestListener = ({ url }, response) => {
    response.writeHead(200, { 'Content-Length': object.length });
    if (url !== '/breaks-off') return response.end(object);
    return response.write(object.subarray(0, 100_000), () => response.destroy());
  };
  secure = `https://127.0.0.1:${await listen(https.createServer(LOCALHOST, answer))}`;
  plain = `http://127.0.0.1:${await listen(http.createServer(answer))}`;
});

afterAll(() => {
  httpAgent.destroy();
  httpsAgent.destroy();
  for (const server of servers) server.close();
});

const ways = ['http', 'https'] as const;

test.each(ways)('what came by %s stays as it was when more has come', async (way) => {
  const pieces: Buffer[] = [];
  const response = await get(way, '/');
  response.on('data', (piece: Buffer) => pieces.push(piece));
  await once(response, 'end');
  expect(pieces.length).toBeGreaterThan(1);
  expect(Buffer.concat(pieces).equals(object)).toBe(true);
});

test.each(ways)('a reader of %s that is slow gets every byte in order', async (way) => {
  const pieces: Buffer[] = [];
  for await (const piece of await get(way, '/')) {
    for (let at = 0; at < 10; at += 1) await turn();
    pieces.push(piece);
  }
  expect(Buffer.concat(pieces).equals(object)).toBe(true);
});

test.each(ways)('a connection of %s is used again', async (way) => {
  const ports = new Set<number | undefined>();
  for (let at = 0; at < 3; at += 1) {
    const response = await get(way, '/');
    ports.add(response.socket.localPort);
    await once(response.resume(), 'end');
    await turn();
  }
  expect(ports.size).toBe(1);
});

test.each(ways)('an answer by %s that breaks off is an error', async (way) => {
  const response = await get(way, '/breaks-off');
  await expect(once(response.resume(), 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test.each(ways)('an idle connection of %s that the server ends is not used again', async (way) => {
  await once((await get(way, '/')).resume(), 'end');
  await turn();
  for (const server of servers) (server as http.Server).closeIdleConnections();
  const agent = way === 'http' ? httpAgent : httpsAgent;
  while (Object.keys(agent.freeSockets).length > 0) await turn();
  const response = await get(way, '/');
  await once(response.resume(), 'end');
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function get(way: 'http' | 'https', path: string): Promise<IncomingMessage> {
  const request =
    way === 'http'
      ? http.get(`${plain}${path}`, { agent: httpAgent })
      : https.get(`${secure}${path}`, { agent: httpsAgent });
  const [response] = await once(request, 'response');
  return response as IncomingMessage;
}
