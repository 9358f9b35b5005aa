import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';

/** An app in a folder that goes with the tests. Of `cdk synth` it lacks the built-in validation, which takes the most time. */
export function quickApp(): App {
  return new App({ outdir: newFolder(), analyticsReporting: false, builtinCloudFormationValidation: false });
}

/** As {@link quickApp}, with the built-in validation: what is synthesized in it has every kind of resource. */
export function validatedApp(): App {
  return new App({ outdir: newFolder(), analyticsReporting: false });
}

function newFolder(): string {
  return mkdtempSync(join(process.env.SLIPWAY_TEST_FOLDER ?? '', 'app-'));
}
