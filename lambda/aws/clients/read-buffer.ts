import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';

/** What a socket is read by at once, where so much is there: fewer turns of the event loop, and still in the cache of a processor. */
const BUFFER_BYTES = 256 * 1024;

// As many as the SDK's own agents open.
const OPTIONS = { keepAlive: true, maxSockets: 50 };

/**
 * Agents whose sockets are read into one buffer each, for the life of the connection, and not into a fresh one for each
 * read, which costs more than the reading. What is handed on is copied by Node's HTTP parser, so it may be kept.
 * https://nodejs.org/api/net.html#socketconnectoptions-connectlistener (`onread`)
 */
export const readBufferAgents = {
  httpAgent: bufferedAgent(http.Agent),
  httpsAgent: bufferedAgent(https.Agent),
};

function bufferedAgent<A extends http.Agent>(Agent: new (options: http.AgentOptions) => A): A {
  const agent = new Agent(OPTIONS);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, connected) => {
    const onread = {
      buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES),
      callback: (length: number, buffer: Uint8Array) => {
        socket.emit('data', buffer.subarray(0, length));
        // False would stop the reading; who wants that pauses the socket.
        return true;
      },
    };
    const socket = connect({ ...options, onread } as typeof options, connected) as Duplex;
    return socket;
  };
  return agent;
}
