import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FaultRule, FaultScript } from './fault-script';

/**
 * Serves the fault script over HTTP, for tests in another process and for trying out what a fault does: GET lists the
 * rules, POST adds a JSON array of them, DELETE clears. Answers 400 to what is no array of rules, and adds none of it.
 */
export async function faultApi(script: FaultScript, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const rules = rulesOf(await text(request));
    if (!rules) return answer(response, 400, { message: EXPECTED });
    script.add(...rules);
  }
  if (request.method === 'DELETE') script.clear();
  answer(response, 200, script.list());
}

const EXPECTED =
  'Expected a JSON array of {service, operation, from?, times?, where?, fault: {kind}}; see docs/architecture.md.';
const SERVICES = ['s3', 'ecr', 'states', 'events', 'lambda'];

function rulesOf(body: string): FaultRule[] | undefined {
  try {
    const rules: unknown = JSON.parse(body);
    return Array.isArray(rules) && rules.every(isRule) ? rules : undefined;
  } catch {
    return undefined;
  }
}

function isRule(value: Partial<FaultRule> | null): value is FaultRule {
  const { service = '', operation, fault } = value ?? {};
  return SERVICES.includes(service) && typeof operation === 'string' && typeof fault?.kind === 'string';
}

function answer(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(document));
}
