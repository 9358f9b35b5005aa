import { SFNClient } from '@aws-sdk/client-sfn';
import { noteHost } from './note-host';
import { requestHandler } from './request-handler';

/** The client for Step Functions. */
export const sfn = new SFNClient({ requestHandler: { ...requestHandler, requestTimeout: 30_000 } });

sfn.middlewareStack.add(noteHost, { step: 'finalizeRequest', name: 'noteHost' });
