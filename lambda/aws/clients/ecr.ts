import { ECRClient } from '@aws-sdk/client-ecr';
import { noteHost } from './note-host';
import { requestHandler } from './request-handler';

/** The client for Amazon ECR. A file a client: a function loads those alone that it calls. */
export const ecr = new ECRClient({ requestHandler });

ecr.middlewareStack.add(noteHost, { step: 'finalizeRequest', name: 'noteHost' });
