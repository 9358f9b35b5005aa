import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { noteHost } from './note-host';

// Without these the SDK waits for ever, for an answer or in the midst of one; the state machine repeats a step that timed out.
const requestHandler = {
  connectionTimeout: 5_000,
  requestTimeout: 60_000,
  throwOnRequestTimeout: true,
  socketTimeout: 60_000,
};

export const ecr = new ECRClient({ requestHandler });

/** Bytes are compared with digests, so a checksum of the transfer is only computed where S3 asks for one. */
export const s3 = new S3Client({
  requestHandler,
  responseChecksumValidation: 'WHEN_REQUIRED',
  requestChecksumCalculation: 'WHEN_REQUIRED',
});

export const sfn = new SFNClient({ requestHandler: { ...requestHandler, requestTimeout: 30_000 } });

ecr.middlewareStack.add(noteHost, { step: 'finalizeRequest', name: 'noteHost' });
s3.middlewareStack.add(noteHost, { step: 'finalizeRequest', name: 'noteHost' });
sfn.middlewareStack.add(noteHost, { step: 'finalizeRequest', name: 'noteHost' });
