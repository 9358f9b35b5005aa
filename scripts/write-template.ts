import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, CfnParameter, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { type Zippable, zipSync } from 'fflate';
import { SlipwayStack, type SlipwayStackProps } from '../lib';
import { version } from '../package.json';

const NAME = 'slipway';
const FOLDER = resolve('cloudformation');
// A zip holds local time, from 1980 on: the same for all, so that the same code gives the same bytes.
const BEGINNING_OF_ZIP = new Date(1980, 0, 1);

// Writes a template for those without the CDK, and beside it the code of the functions, to be copied to a bucket that
// the template's parameter names. `npm run synth [-- props.json]`: the props of the stack, such as its drops.
const [propsFile] = process.argv.slice(2);
const props = propsFile === undefined ? {} : (JSON.parse(readFileSync(propsFile, 'utf8')) as SlipwayStackProps);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(join(FOLDER, NAME, version), { recursive: true });
const assembly = synthesize(props);
for (const asset of readdirSync(assembly).filter((name) => name.startsWith('asset.'))) {
  const file = `${asset.slice('asset.'.length)}.zip`;
  writeFileSync(join(FOLDER, NAME, version, file), zipOf(join(assembly, asset)));
}
writeFileSync(join(FOLDER, `${NAME}.template.json`), readFileSync(join(assembly, `${NAME}.template.json`)));
process.stdout.write(`${FOLDER}: ${NAME}.template.json, and ${NAME}/${version}/ with the code of its functions\n`);

/** @returns the folder of the assembly */
function synthesize(given: SlipwayStackProps): string {
  const app = new App({ analyticsReporting: false });
  const synthesizer = new DefaultStackSynthesizer({
    // For Fn::Sub, which puts the parameter there.
    fileAssetsBucketName: '${CodeBucket}',
    bucketPrefix: `${NAME}/${version}/`,
    generateBootstrapVersionRule: false,
  });
  const description = `Slipway ${version}: image tarballs dropped in S3 go to Amazon ECR`;
  const stack = new SlipwayStack(app, NAME, { ...given, synthesizer, description });
  new CfnParameter(stack, 'CodeBucket', {
    type: 'String',
    description: `Bucket in this region that holds the folder ${NAME}/${version}/ with the code of the functions`,
  });
  return app.synth().directory;
}

function zipOf(folder: string): Uint8Array {
  const files: Zippable = {};
  for (const file of readdirSync(folder)) files[file] = readFileSync(join(folder, file));
  return zipSync(files, { level: 9, mtime: BEGINNING_OF_ZIP });
}
