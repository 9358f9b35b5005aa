import { aws, requireConfiguration } from '../aws';
import { findDeployed } from '../deployed';
import { destinationParts, dropKey } from '../drop/drop-tarball';
import { type RequestOptions, requestOptions } from '../request-options';
import { openTarball, STANDARD_INPUT } from '../tarball/open-tarball';
import { parseS3Url } from '../tarball/s3-reader';
import { planOf } from './plan-push';
import { planReport } from './plan-report';

export interface PlanOptions extends RequestOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** `slipway plan`: tells what a push would do. Gives the exit code: 1 where it would not push all. */
export async function planCommand(
  name: string,
  destination: string | undefined,
  options: PlanOptions,
): Promise<number> {
  const asked = requestOptions(options);
  const place = parseS3Url(name);
  const named = destination === undefined ? {} : destinationParts(destination);
  const key = place?.key ?? dropKey(name === STANDARD_INPUT ? 'image.tar' : name, destination);
  const clients = aws();
  await requireConfiguration(clients);
  const tarball = await openTarball(name, () => clients);
  try {
    const deployed = await findDeployed(clients, options.stack);
    const source = { bucket: place?.bucket ?? deployed.dropBucket, key };
    // The key of a drop says where it goes; what lies in S3 keeps its key, so the request says it.
    const plan = await planOf(clients, deployed, {
      tarball,
      key,
      request: { source, ...asked, ...(place ? named : {}) },
    });
    process.stdout.write(`${options.json ? JSON.stringify(plan) : planReport(plan)}\n`);
    return plan.result === 'SUCCEEDED' ? 0 : 1;
  } finally {
    await tarball.close();
  }
}
