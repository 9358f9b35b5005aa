import { randomBytes } from 'node:crypto';
import { ECRClient, UploadLayerPartCommand } from '@aws-sdk/client-ecr';
import { PartBody, type PartHead } from '../../lambda/aws/part-body';
import { sendWrittenPart } from '../../lambda/aws/part-request';

// Sends the same part again and again, by the SDK alone or as the product does, and prints what that cost.
const [, , way, count = '20'] = process.argv;
const PART_SIZE = 10 * 1024 * 1024;
const WARM_UP = 200;

// What S3 sends, as it comes out of the socket.
const piece = randomBytes(64 * 1024);
const ecr = new ECRClient({});

function headOf(size: number): PartHead {
  return { registryId: undefined, repositoryName: 'app', uploadId: 'u', partFirstByte: 0, partLastByte: size - 1 };
}

/** As the product does: each piece goes into the request. */
async function sendOurs(size: number): Promise<unknown> {
  const body = PartBody.of(PART_SIZE);
  const head = headOf(size);
  body.begin(head);
  for (let at = 0; at < size; at += piece.length) body.append(piece.subarray(0, size - at));
  return sendWrittenPart({ head, ...body.end() }).finally(() => body.release());
}

/** As the SDK does: the pieces become a part, and the part a request. */
async function sendStock(size: number): Promise<unknown> {
  const layerPartBlob = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; at += piece.length) layerPartBlob.set(piece.subarray(0, size - at), at);
  return ecr.send(new UploadLayerPartCommand({ ...headOf(size), layerPartBlob }));
}

async function main(): Promise<void> {
  const send = way === 'stock' ? sendStock : sendOurs;
  // As much work in small parts: the heap has grown and all code has run, so what comes on top is the size of the parts.
  for (let at = 0; at < WARM_UP; at += 1) await send(piece.length);
  const before = process.resourceUsage().maxRSS;
  for (let at = 0; at < 3; at += 1) await send(PART_SIZE);
  const from = process.cpuUsage();
  for (let at = 0; at < Number(count); at += 1) await send(PART_SIZE);
  const { user, system } = process.cpuUsage(from);
  const cpuMsPerPart = (user + system) / 1e3 / Number(count);
  const rssGrowth = (process.resourceUsage().maxRSS - before) * 1024;
  console.log(JSON.stringify({ cpuMsPerPart, rssAbovePart: rssGrowth / PART_SIZE - 1 }));
}

void main();
