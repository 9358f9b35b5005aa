import { verifyImage } from '../../cli/verify-image';
import { SignedClient } from '../api/signed-client';
import { dockerArchive } from '../support/docker-archive-builder';
import { ociLayout } from '../support/oci-layout-builder';
import { DeployedSlipway } from './deployed-slipway';

let slipway: DeployedSlipway;
beforeAll(async () => {
  slipway = await DeployedSlipway.deploy();
}, 600_000);
afterAll(() => slipway?.stop());

const verified = (repository: string, digest: string) =>
  verifyImage({ ecr: slipway.ecr } as Parameters<typeof verifyImage>[0], repository, digest);

test('the CDK deploys every resource of the template', async () => {
  const resources = await slipway.resources();
  const lines = resources.map(({ type, physicalId, status }) => `${status}  ${type.padEnd(32)} ${physicalId}`);
  console.info(`${resources.length} resources\n${lines.sort().join('\n')}`);
  expect(new Set(resources.map(({ status }) => status))).toEqual(new Set(['CREATE_COMPLETE']));
  expect(resources.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'AWS::ApiGateway::RestApi',
      'AWS::Events::Rule',
      'AWS::Lambda::Function',
      'AWS::S3::Bucket',
      'AWS::SQS::Queue',
      'AWS::StepFunctions::StateMachine',
    ]),
  );
});

test('a dropped OCI layout is pushed, pulled back and verified', async () => {
  const layout = ociLayout({ seed: 1, layers: 3 });
  const push = await slipway.drop('team-a/app/1.0.0.tar', layout.tarball.toBuffer());
  expect(push).toMatchObject({ status: 'SUCCEEDED' });
  expect(JSON.parse(push.output ?? '')).toMatchObject({ result: 'SUCCEEDED', images: [{ digest: layout.digest }] });
  expect(await verified('team-a/app', layout.digest)).toMatchObject({ manifests: 1, blobs: 4 });
});

test('plain layers of a docker archive are compressed on the way', async () => {
  const archive = dockerArchive({ layers: 2, style: 'podman', tags: null });
  const push = await slipway.drop('team-a/plain/1.tar', archive.tarball.toBuffer());
  expect(push).toMatchObject({ status: 'SUCCEEDED' });
  const [image] = JSON.parse(push.output ?? '').images;
  expect(await verified('team-a/plain', image.digest)).toMatchObject({ manifests: 1, blobs: 3 });
});

test('an upload that ECR forgets begins again', async () => {
  slipway.faults.add({ service: 'ecr', operation: 'UploadLayerPart', fault: { kind: 'forget-upload' } });
  const layout = ociLayout({ seed: 2 });
  const push = await slipway.drop('team-a/forgotten/1.tar', layout.tarball.toBuffer());
  expect(push).toMatchObject({ status: 'SUCCEEDED' });
  expect(JSON.parse(push.output ?? '').restarts).toBe(1);
  expect(await verified('team-a/forgotten', layout.digest)).toMatchObject({ manifests: 1 });
});

test('the API starts a push, follows it, and refuses what its model does not have', async () => {
  const { ApiUrl, DropBucketName: bucket } = slipway.outputs;
  const [, api, stage] = /^https:\/\/([^.]+)\.[^/]+\/(\w+)\/$/.exec(ApiUrl) ?? [];
  const client = new SignedClient(`${slipway.ministack.endpoint}/_aws/execute-api/${api}/${stage}/`);
  const request = { source: { bucket, key: 'team-a/app/1.0.0.tar' }, repository: 'team-a/api', tags: ['1'] };
  const { status, body: push } = await client.post('pushes', { ...request, clientToken: 'deployed' });
  expect(status).toBe(202);
  const ended = await slipway.ended(push.executionArn);
  expect(ended.status).toBe('SUCCEEDED');
  expect((await client.get(`pushes/${push.id}`)).body).toMatchObject({
    status: 'SUCCEEDED',
    images: [{ repository: 'team-a/api', state: 'pushed' }],
  });
  expect((await client.get('pushes?limit=1')).body).toMatchObject({ pushes: [{ id: push.id }] });
  expect(await client.post('pushes', { ...request, platform: 'linux/arm64' })).toMatchObject({ status: 400 });
});

test('what cannot be pushed fails with its diagnosis', async () => {
  const push = await slipway.drop('team-a/broken/1.tar', Buffer.from('this is no tarball'.repeat(100)));
  expect(push).toMatchObject({ status: 'FAILED' });
  expect(JSON.parse(push.cause ?? '')).toMatchObject({ step: 'InspectTarball', remedy: expect.any(String) });
});
