import { PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { s3 } from './clients/s3';
import { translateError } from './translate-error';

/** An upload that somebody else will make. */
export interface DropUpload {
  readonly bucket: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly expiresInSeconds: number;
}

/** A URL that takes one PUT of exactly this many bytes under this key: both are part of the signature. */
export async function presignDrop({ bucket, key, size, expiresInSeconds }: DropUpload): Promise<string> {
  const put = new PutObjectCommand({ Bucket: bucket, Key: key, ContentLength: size });
  return getSignedUrl(s3, put, { expiresIn: expiresInSeconds }).catch((error) => {
    throw translateError(error, `s3:PutObject on s3://${bucket}/${key}`) ?? error;
  });
}
