import { S3Client } from '@aws-sdk/client-s3';
import { noteHost } from './note-host';
import { readBufferAgents } from './read-buffer';
import { requestHandler } from './request-handler';

/** Bytes are compared with digests, so a checksum of the transfer is only computed where S3 asks for one. */
export const s3 = new S3Client({
  requestHandler: { ...requestHandler, ...readBufferAgents },
  responseChecksumValidation: 'WHEN_REQUIRED',
  requestChecksumCalculation: 'WHEN_REQUIRED',
});

s3.middlewareStack.add(noteHost, { step: 'finalizeRequest', name: 'noteHost' });
