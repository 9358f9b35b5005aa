import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { SlipwayStack, type SlipwayStackProps } from '../lib';
import type { Template } from './template';

/** What `cdk synth` writes: the template, and the folder of each asset by its key in the assets bucket. */
export interface Assembly {
  readonly template: Template;
  readonly assetDir: (s3Key: string) => string;
}

/** Synthesizes the stack, as for a deployment, into `outdir`. */
export function synthesize(stackName: string, props: SlipwayStackProps, outdir: string): Assembly {
  mkdirSync(outdir, { recursive: true });
  // The built-in validation takes longer than all the rest; `cdk synth` runs it, and what fails there is not deployed.
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  new SlipwayStack(app, stackName, props);
  app.synth();
  return readAssembly(stackName, outdir);
}

/** What was synthesized into `outdir` before. */
export function readAssembly(stackName: string, outdir: string): Assembly {
  return {
    template: JSON.parse(readFileSync(join(outdir, `${stackName}.template.json`), 'utf8')) as Template,
    assetDir: (s3Key) => join(outdir, `asset.${s3Key.replace(/\.zip$/, '')}`),
  };
}
