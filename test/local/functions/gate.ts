import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A place where handlers wait until the test lets them go on. */
export interface Gate {
  /** Statement for a handler's body: says `text` (an expression) and waits for the gate to open. */
  wait(text?: string): string;
  /** Resolves with what was said when so many have arrived since the start. */
  arrived(count: number): Promise<string[]>;
  /** Resolves when the connection of so many who waited was broken. */
  broken(count: number): Promise<void>;
  /** Lets all go on, also who comes later. */
  open(): void;
  close(): Promise<void>;
}

/** Listens on loopback. */
export async function gate(): Promise<Gate> {
  const said: string[] = [];
  const waiting: ServerResponse[] = [];
  const events = new EventTarget();
  let isOpen = false;
  let lost = 0;
  const server = createServer((req, res) => {
    said.push(decodeURIComponent((req.url ?? '').slice(1)));
    res.once('close', () => {
      if (!res.writableEnded) lost += 1;
      events.dispatchEvent(new Event('change'));
    });
    if (isOpen) res.end();
    else waiting.push(res);
    events.dispatchEvent(new Event('change'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const until = async (holds: () => boolean) => {
    while (!holds()) await once(events, 'change');
  };
  return {
    wait: (text = "''") => `await (await fetch('http://127.0.0.1:${port}/' + encodeURIComponent(${text}))).text();`,
    arrived: async (count) => {
      await until(() => said.length >= count);
      return said;
    },
    broken: (count) => until(() => lost >= count),
    open: () => {
      isOpen = true;
      for (const res of waiting.splice(0)) res.end();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
