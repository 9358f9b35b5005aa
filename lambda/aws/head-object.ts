import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { s3 } from './clients/s3';

/** HeadObject, whose denial says what was denied. Errors: those of the SDK. */
export async function headObject(request: HeadObjectCommandInput): Promise<HeadObjectCommandOutput> {
  try {
    return await s3.send(new HeadObjectCommand(request));
  } catch (error) {
    if (statusOf(error) === 403) await throwDenial(request);
    throw error;
  }
}

// The answer to HEAD has no body to say it in; the answer to GET says it in full.
async function throwDenial(request: HeadObjectCommandInput): Promise<void> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ ...request, Range: 'bytes=0-0' }));
    await Body?.transformToByteArray();
  } catch (error) {
    if (statusOf(error) === 403) throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
