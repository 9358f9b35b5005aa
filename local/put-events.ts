import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { EventBus } from './event-bus';
import type { BusEvent } from './event-pattern';
import type { Place } from './template';

/** What a script lets happen to a call of PutEvents. */
type EventsFault =
  | { kind: 'error'; name: string; message?: string; status?: number }
  | { kind: 'throttle' }
  | { kind: 'server-error'; status?: number }
  | { kind: 'hang' }
  | { kind: 'reset' }
  | { kind: 'reply-lost' };

type Faults = (call: {
  operation: string;
  input: Record<string, unknown>;
  accessKeyId: string;
}) => EventsFault | undefined | Promise<EventsFault | undefined>;

interface Entry {
  readonly Source?: unknown;
  readonly DetailType?: unknown;
  readonly Detail?: unknown;
  readonly Resources?: readonly string[];
  readonly Time?: number;
}

const SIGNED = /Credential=([^/]+)\/\d{8}\/[^/]+\/events\/aws4_request/;
const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024;

/**
 * EventBridge's PutEvents, awsJson1.1: an entry that is no event is refused on its own, in a reply of 200.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function putEventsApi(bus: EventBus, place: Place, faults: Faults) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents') {
      return refuse(response, 400, 'UnknownOperationException', 'The local AWS has PutEvents of EventBridge only');
    }
    const [, accessKeyId] = SIGNED.exec(request.headers.authorization ?? '') ?? [];
    if (accessKeyId === undefined) {
      return refuse(response, 403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    const input = JSON.parse(body) as { Entries?: Entry[] };
    const fault = await faults({ operation: 'PutEvents', input, accessKeyId });
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void response.destroy();
    if (fault && fault.kind !== 'reply-lost') return refuse(response, ...scripted(fault));
    const { Entries: entries = [] } = input;
    if (entries.length < 1 || entries.length > MOST_ENTRIES || Buffer.byteLength(body) > MOST_BYTES) {
      return refuse(response, 400, 'ValidationException', `expected 1 to ${MOST_ENTRIES} entries, ${MOST_BYTES} bytes`);
    }
    const results = entries.map((entry) => take(entry, bus, place));
    if (fault) return void response.destroy();
    const FailedEntryCount = results.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
    answer(response, 200, { FailedEntryCount, Entries: results });
  };
}

function take(entry: Entry, bus: EventBus, { accountId, region }: Place): { EventId?: string; ErrorCode?: string } {
  const { Source, DetailType, Detail, Resources = [], Time } = entry;
  if (!isText(Source) || !isText(DetailType)) return refused('InvalidArgument', 'Source and DetailType are required');
  if (Source.startsWith('aws.')) return refused('NotAuthorizedForSourceException', `Not authorized for ${Source}`);
  const detail = objectIn(Detail);
  if (!detail) return refused('MalformedDetail', 'Detail is malformed.');
  const event: BusEvent = {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: accountId,
    time: new Date(Time === undefined ? Date.now() : Time * 1_000).toISOString(),
    region,
    resources: Resources,
    detail,
  };
  bus.put(event);
  return { EventId: event.id };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function objectIn(text: unknown): object | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refused(ErrorCode: string, ErrorMessage: string) {
  return { ErrorCode, ErrorMessage };
}

function scripted(fault: Exclude<EventsFault, { kind: 'hang' | 'reset' | 'reply-lost' }>): [number, string, string] {
  if (fault.kind === 'throttle') return [400, 'ThrottlingException', 'Rate exceeded'];
  if (fault.kind === 'server-error') return [fault.status ?? 500, 'InternalException', 'Try again.'];
  return [fault.status ?? 400, fault.name, fault.message ?? fault.name];
}

function refuse(response: ServerResponse, status: number, name: string, message: string): void {
  answer(response, status, { __type: name, message });
}

function answer(response: ServerResponse, status: number, document: object): void {
  const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() };
  response.writeHead(status, headers).end(JSON.stringify(document));
}
