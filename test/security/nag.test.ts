import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { context } from '../../cdk.json';
import { Slipway, SlipwayStack } from '../../lib';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'slipway-nag-'));
});
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

/** What both packs find in an app, a line each. */
function findings(build: (app: App) => void): string[] {
  const app = new App({ outdir, context });
  build(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  try {
    app.synth();
    return [];
  } catch (error) {
    const report = join(outdir, 'validation-report.json');
    if (!existsSync(report)) throw error;
    const rules = [...readFileSync(report, 'utf8').matchAll(/"ruleName":\s*"([^"]+)"/g)].map(([, rule = '']) => rule);
    return rules.length > 0 ? rules : [String(error)];
  }
}

test('the stack as `cdk deploy` takes it: AwsSolutions and Serverless find nothing', () => {
  expect(findings((app) => void new SlipwayStack(app, 'SlipwayStack'))).toEqual([]);
});

test('with the page they find nothing', () => {
  expect(findings((app) => void new SlipwayStack(app, 'SlipwayStack', { page: true }))).toEqual([]);
});

test('with drops, topics, a VPC with endpoints, keys and another registry they find nothing of Slipway', () => {
  const build = (app: App) => {
    const surroundings = new Stack(app, 'Surroundings');
    const vpc = new Vpc(surroundings, 'Vpc', { restrictDefaultSecurityGroup: false, natGateways: 0 });
    const key = new Key(surroundings, 'Key', { enableKeyRotation: true });
    Validations.of(surroundings).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason: 'It stands for a VPC of somebody else.',
    });
    new Slipway(new Stack(app, 'Stack'), 'Slipway', {
      drops: [
        {
          prefix: 'team-a/',
          repositories: ['team-a/*'],
          createRepositories: { encryptionKey: key, tags: { team: 'a' } },
          notifyEmails: ['a@example.com'],
        },
      ],
      registries: ['111111111111'],
      vpc,
      vpcSubnets: { subnets: vpc.isolatedSubnets },
      vpcEndpoints: true,
      ...{ dropBucketKey: key, workBucketKey: key, logKey: key, topicKey: key },
    });
  };
  expect(findings(build)).toEqual([]);
});

test('what is wrong is found: a bucket without TLS is no clean bill', () => {
  const found = findings((app) => void new Bucket(new Stack(app, 'Stack'), 'Bucket'));
  expect(found.length).toBeGreaterThan(0);
});
