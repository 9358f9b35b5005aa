import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../local/cloud';
import { CommandError } from './command-error';
import { PAGE, pageServer } from './page/page-server';

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

/** A local AWS in `data`, or in a folder that goes with it. Errors: CommandError for a port or folder it cannot have. */
export async function startLocal(port: number, data?: string): Promise<{ cloud: Cloud; close: () => Promise<void> }> {
  const dataDir = data === undefined ? mkdtempSync(join(tmpdir(), 'slipway-local-')) : dataFolder(data);
  const remove = () => {
    if (data === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  // Ctrl-C leaves no folder behind either.
  process.once('exit', remove);
  const cloud = await startCloud({ dataDir, port, stack: { page: true }, page: pageServer }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.syscall !== 'listen') throw error;
      const found = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be taken: ${error.message}`;
      throw new CommandError(`Port ${port} ${found}`, 'Take another with --port, or a free one with --port 0.');
    },
  );
  return {
    cloud,
    close: async () => {
      await cloud.close();
      remove();
    },
  };
}

function dataFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw new CommandError(
      `${folder} cannot be the data folder: ${(error as Error).message}`,
      'Name a folder that can be written to with --data.',
    );
  }
}

/** What `--json` prints: where a local AWS has its things. */
function places({ endpoint, registry, dropBucket, workBucket, stateMachineArn, apiUrl }: Cloud) {
  return { endpoint, registry, dropBucket, workBucket, stateMachineArn, apiUrl };
}

function description(cloud: Cloud, data?: string): string {
  const variables = Object.entries(cloud.environment).map(([name, value]) => `  export ${name}=${value}`);
  return [
    `endpoint       ${cloud.endpoint}`,
    `registry       ${cloud.registry}`,
    `drop bucket    ${cloud.dropBucket}`,
    `work bucket    ${cloud.workBucket}`,
    `state machine  ${cloud.stateMachineArn}`,
    `API            ${cloud.apiUrl}`,
    `page           ${cloud.endpoint}${PAGE}`,
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
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CommandError(`"${text}" is no port`, 'Give a number from 0 to 65535; 0 takes a free port.');
}
