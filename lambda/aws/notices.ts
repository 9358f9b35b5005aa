import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { NOTICE_SOURCE, NOTICE_TYPES, type Notice } from '../contract/notice';
import { translateError } from './translate-error';

const eventBridge = new EventBridgeClient({
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

const CALL = 'events:PutEvents on event-bus/default';

/** Puts a notice on the default event bus, with both ARNs as its resources. Errors: the shared ones of AWS. */
export async function putNotice(notice: Notice, stateMachineArn: string): Promise<void> {
  const entry = {
    Source: NOTICE_SOURCE,
    DetailType: notice.result === 'SUCCEEDED' ? NOTICE_TYPES.pushed : NOTICE_TYPES.failed,
    Resources: [stateMachineArn, notice.executionArn],
    Detail: JSON.stringify(notice),
  };
  const rethrow = (error: unknown): never => {
    throw translateError(error, CALL) ?? error;
  };
  const { Entries = [] } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] })).catch(rethrow);
  // The call succeeds although its entry was refused.
  for (const { ErrorCode: name, ErrorMessage: message } of Entries) if (name) rethrow({ name, message });
}
