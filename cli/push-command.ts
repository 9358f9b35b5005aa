import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { asMetadata } from '../lambda/image/request-in-metadata';
import { CommandError } from './command-error';
import { onInterruptSay } from './commands/end-on-interrupt';
import { type Deployed, findDeployed } from './deployed';
import { destinationParts, type ReadyTarball, readyTarball } from './drop/drop-tarball';
import { type Reporter, reporter, SILENT } from './follow/reporter';
import { pushOrder } from './push-order';
import { pushJson, pushReport, pushSummary } from './push-report';
import { followToEnd, type PushOutcome, pushTarball } from './push-tarball';
import { type RequestOptions, requestOptions } from './request-options';
import { STANDARD_INPUT } from './tarball/open-tarball';
import { parseS3Url } from './tarball/s3-reader';
import { chooseTarget, type Target } from './target';

export interface PushOptions extends RequestOptions {
  readonly stack: string;
  readonly to?: string;
  readonly local?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** A tarball that is to be dropped, or one that lies in the drop bucket. */
type Ready = ReadyTarball | { readonly bucket: string; readonly key: string };

/** `slipway push`: pushes tarballs one after another, and tells what came of each. Gives the exit code. */
export async function pushCommand(args: readonly string[], options: PushOptions): Promise<number> {
  const asked = requestOptions(options);
  const { tarballs, destination } = await pushOrder(args, options.to);
  const ready = await Promise.all(tarballs.map((tarball) => readyFor(tarball, destination, asked)));
  const target = await chooseTarget(options.local ?? false);
  try {
    const deployed = await findDeployed(target.aws, options.stack);
    const outcomes: PushOutcome[] = [];
    for (const [at, one] of ready.entries()) {
      const name = tarballs[at] ?? '';
      const outcome = await pushOne(target, deployed, one, { destination, asked, options });
      outcomes.push(outcome);
      process.stdout.write(`${report(outcome, name, target, options)}\n`);
    }
    if (outcomes.length > 1 && !options.json && !options.quiet) process.stdout.write(`\n${pushSummary(outcomes)}\n`);
    if (target.note && !options.json && !options.quiet) process.stdout.write(`${target.note}\n`);
    return outcomes.every(({ kind }) => kind === 'pushed') ? 0 : 1;
  } finally {
    onInterruptSay(undefined);
    await target.close();
  }
}

async function readyFor(tarball: string, destination: string | undefined, asked: RequestOptions): Promise<Ready> {
  const metadata = asMetadata(asked);
  if (tarball !== STANDARD_INPUT) return parseS3Url(tarball) ?? readyTarball(tarball, destination, metadata);
  return readyTarball({ name: 'standard-input.tar', stream: process.stdin }, destination, metadata);
}

async function pushOne(
  target: Target,
  deployed: Deployed,
  ready: Ready,
  how: { destination: string | undefined; asked: RequestOptions; options: PushOptions },
): Promise<PushOutcome> {
  const progress = how.options.quiet || how.options.json ? SILENT : reporter(process.stderr);
  const told = { ...progress, dropped: tellsHowToGoOn(progress) };
  onInterruptSay(() => 'Interrupted. The same command goes on with the upload of a file where it stopped.');
  try {
    if ('tarball' in ready) return await pushTarball(target.aws, deployed, ready, told);
    const executionArn = await startPush(target, deployed, ready, how);
    const subject = `s3://${ready.bucket}/${ready.key}`;
    told.dropped(subject, undefined, executionArn);
    return await followToEnd(target.aws, executionArn, subject, told);
  } finally {
    progress.close();
  }
}

/** Once the execution runs, Ctrl-C ends the watching alone. */
function tellsHowToGoOn(progress: Reporter): Reporter['dropped'] {
  return (tarball, size, executionArn) => {
    const name = executionArn.split(':').at(-1);
    onInterruptSay(() => `The push goes on. Look at it: slipway status ${name}\nEnd it:        slipway stop ${name}`);
    progress.dropped(tarball, size, executionArn);
  };
}

async function startPush(
  { aws }: Target,
  { dropBucket, stateMachineArn }: Deployed,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  { destination, asked }: { destination: string | undefined; asked: RequestOptions },
): Promise<string> {
  if (bucket !== dropBucket) {
    const remedy = `Copy it there: aws s3 cp s3://${bucket}/${key} s3://${dropBucket}/${key}`;
    throw new CommandError(`s3://${bucket}/${key} does not lie in the drop bucket ${dropBucket}`, remedy);
  }
  const named = destination === undefined ? {} : destinationParts(destination);
  const input = JSON.stringify({ source: { bucket, key }, ...named, ...asked });
  const { executionArn = '' } = await aws.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  return executionArn;
}

function report(outcome: PushOutcome, tarball: string, target: Target, { json, quiet }: PushOptions): string {
  if (json) return JSON.stringify(pushJson(outcome, tarball));
  if (!quiet || outcome.kind === 'failed') return pushReport(outcome, target.registry);
  return outcome.receipt.images.map(({ repository, digest }) => `${repository}@${digest}`).join('\n');
}
