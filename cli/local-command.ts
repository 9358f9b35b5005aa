import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../local/cloud';
import { CommandError } from './command-error';

export interface LocalOptions {
  readonly port: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** `slipway local`: starts the small AWS, says where things are, and stays until SIGTERM or SIGINT. */
export async function localCommand({ port, data, json }: LocalOptions): Promise<void> {
  const { cloud, close } = await startLocal(portNumber(port), data);
  process.stdout.write(`${json ? JSON.stringify(places(cloud)) : description(cloud, data)}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
  });
  await close();
}

/** A local AWS in `data`, or in a folder that goes with it. */
export async function startLocal(port: number, data?: string): Promise<{ cloud: Cloud; close: () => Promise<void> }> {
  const dataDir = data ?? mkdtempSync(join(tmpdir(), 'slipway-local-'));
  const cloud = await startCloud({ dataDir, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new CommandError(`Port ${port} is in use`, 'Take another with --port, or a free one with --port 0.');
  });
  return {
    cloud,
    close: async () => {
      await cloud.close();
      if (data === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What `--json` prints: where a local AWS has its things. */
function places({ endpoint, registry, dropBucket, workBucket, stateMachineArn }: Cloud) {
  return { endpoint, registry, dropBucket, workBucket, stateMachineArn };
}

function description(cloud: Cloud, data?: string): string {
  const variables = Object.entries(cloud.environment).map(([name, value]) => `  export ${name}=${value}`);
  return [
    `endpoint       ${cloud.endpoint}`,
    `registry       ${cloud.registry}`,
    `drop bucket    ${cloud.dropBucket}`,
    `work bucket    ${cloud.workBucket}`,
    `state machine  ${cloud.stateMachineArn}`,
    `data           ${data ?? 'in a folder that goes when this ends; keep it with --data DIR'}`,
    '',
    'Use it from any SDK, the aws command, or slipway push:',
    ...variables,
    `  aws s3 cp image.tar s3://${cloud.dropBucket}/team-a/app/1.0.0.tar`,
    '',
    'Ctrl-C ends it.',
  ].join('\n');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommandError(`"${text}" is no port`, 'Give a number from 0 to 65535; 0 takes a free port.');
}
