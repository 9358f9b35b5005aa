import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { App, CfnParameter, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { SlipwayStack, type SlipwayStackProps } from '../lib';
import { version } from '../package.json';

const NAME = 'slipway';
const FOLDER = resolve('cloudformation');
// A zip holds local time, from 1980 on: the same for all, so that the same code gives the same bytes.
const BEGINNING_OF_ZIP = new Date(1980, 0, 1);

// Writes a template for those without the CDK, and beside it the code of the functions, to be copied to a bucket that
// the template's parameter names. `npm run synth [-- props.json]`: the props of the stack, such as its drops.
void write(process.argv[2]);

async function write(propsFile?: string): Promise<void> {
  const props = propsFile === undefined ? {} : (JSON.parse(readFileSync(propsFile, 'utf8')) as SlipwayStackProps);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(join(FOLDER, NAME, version), { recursive: true });
  const assembly = synthesize(props);
  for (const asset of readdirSync(assembly).filter((name) => name.startsWith('asset.'))) {
    const file = `${asset.slice('asset.'.length)}.zip`;
    writeFileSync(join(FOLDER, NAME, version, file), await zipOf(join(assembly, asset)));
  }
  writeFileSync(join(FOLDER, `${NAME}.template.json`), readFileSync(join(assembly, `${NAME}.template.json`)));
  process.stdout.write(`${FOLDER}: ${NAME}.template.json, and ${NAME}/${version}/ with the code of its functions\n`);
}

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

async function zipOf(folder: string): Promise<Uint8Array> {
  const options = { level: 9, lastModDate: BEGINNING_OF_ZIP, extendedTimestamp: false, useWebWorkers: false };
  const zip = new ZipWriter(new Uint8ArrayWriter(), options);
  for (const file of readdirSync(folder)) await zip.add(file, new Uint8ArrayReader(readFileSync(join(folder, file))));
  return zip.close();
}
