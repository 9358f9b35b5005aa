import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultRule, FaultScript } from './fault-script';

/**
 * Serves the fault script over HTTP, for tests in another process and for trying out what a fault does: GET lists the
 * rules, POST adds a JSON array of them, DELETE clears.
 */
export async function faultApi(script: FaultScript, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    let text = '';
    for await (const piece of request) text += piece;
    script.add(...(JSON.parse(text) as FaultRule[]));
  }
  if (request.method === 'DELETE') script.clear();
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(script.list()));
}
