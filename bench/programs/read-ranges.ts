import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { receiveRange } from '../../lambda/aws/source-object';

// Reads the same range again and again, by the SDK alone or as the product does, and prints what a MiB of it cost.
const [, , way] = process.argv;
const OBJECT = { bucket: 'drops', key: 'image.tar', etag: '"e"', size: 2 ** 40 };
const MIB = 1024 * 1024;
const PART_SIZE = 10 * MIB;
const RANGE = { firstByte: 0, length: PART_SIZE };
const WARM_UP = 5;
const COUNT = 30;

const slab = Buffer.alloc(PART_SIZE);

/** As the product does: each piece goes to where it is needed. */
async function readOurs(): Promise<unknown> {
  let at = 0;
  return receiveRange(OBJECT, '000000000000', RANGE, (piece) => {
    slab.set(piece, at);
    at += piece.length;
  });
}

const s3 = new S3Client({});

/** As the SDK does. */
async function readStock(): Promise<unknown> {
  const request = { Bucket: OBJECT.bucket, Key: OBJECT.key, Range: `bytes=0-${PART_SIZE - 1}` };
  const { Body } = await s3.send(new GetObjectCommand(request));
  return Body?.transformToByteArray();
}

async function main(): Promise<void> {
  const read = way === 'stock' ? readStock : readOurs;
  for (let at = 0; at < WARM_UP; at += 1) await read();
  const from = process.cpuUsage();
  for (let at = 0; at < COUNT; at += 1) await read();
  const { user, system } = process.cpuUsage(from);
  console.log(JSON.stringify({ cpuMsPerMib: (user + system) / 1e3 / ((COUNT * PART_SIZE) / MIB) }));
}

void main();
