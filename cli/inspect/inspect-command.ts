import { aws } from '../aws';
import { type RequestOptions, requestOptions } from '../request-options';
import { inspectTarball } from './inspection';
import { inspectionReport } from './inspection-report';

export interface InspectOptions extends RequestOptions {
  readonly json?: boolean;
}

/** `slipway inspect`: tells what is in tarballs. Gives the exit code: 1 where one of them cannot be pushed whole. */
export async function inspectCommand(tarballs: readonly string[], options: InspectOptions): Promise<number> {
  const asked = requestOptions(options);
  let problems = 0;
  for (const [at, tarball] of tarballs.entries()) {
    const inspection = await inspectTarball(tarball, aws, asked);
    problems += inspection.problems.length;
    const text = options.json ? JSON.stringify(inspection) : `${at === 0 ? '' : '\n'}${inspectionReport(inspection)}`;
    process.stdout.write(`${text}\n`);
  }
  return problems === 0 ? 0 : 1;
}
