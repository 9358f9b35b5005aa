import type { AnswerName, RequestBodyName } from '../lambda/contract/api-schemas';

const ARN = 'arn:aws:states:us-east-1:111122223333:execution:ImagePush';
const LAYER = `sha256:${'a4'.repeat(32)}`;
const BUCKET = 'slipway-drop';
const ID = 'release-1-4-2-0f4c2a6d8b1e3f5a7c9d0e2f';
const BEGUN = { id: ID, startedAt: '2026-01-31T12:00:00.000Z', executionArn: `${ARN}:${ID}` };
const SOURCE = { bucket: BUCKET, key: 'team-a/app/1.4.2.tar' };
const NAMES = { name: 'app:1.4.2', repository: 'team-a/app', tags: ['1.4.2'] };

/** Examples of every body and answer, by name: in docs/openapi.json. */
export const EXAMPLES: Readonly<Record<RequestBodyName | AnswerName, Readonly<Record<string, { value: object }>>>> = {
  CreatePush: {
    shortest: { value: { source: SOURCE } },
    full: {
      value: {
        source: { ...SOURCE, versionId: '3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY' },
        repository: 'team-a/app',
        tags: ['1.4.2', 'latest'],
        verify: 'deep',
        missing: 'only',
        platforms: ['linux/amd64', 'linux/arm64'],
        compression: 'zstd',
        clientToken: 'release-1-4-2',
      },
    },
  },
  StopPush: { reason: { value: { reason: 'the wrong tarball' } }, none: { value: {} } },
  PresignDrop: { tarball: { value: { key: 'app/1.4.2.tar', size: 104857600 } } },
  StartedPush: { running: { value: { ...BEGUN, status: 'RUNNING' } } },
  PushList: {
    page: {
      value: {
        pushes: [
          { id: ID, status: 'RUNNING', startedAt: '2026-01-31T12:00:00.000Z' },
          {
            id: 'app_1_4_1_tar-7c9d0e2f0f4c2a6d8b1e3f5a',
            status: 'SUCCEEDED',
            startedAt: '2026-01-30T12:00:00.000Z',
            stoppedAt: '2026-01-30T12:00:41.000Z',
          },
        ],
        nextToken: 'AAAAKgAAAAIAAAAAAAAAAQ',
      },
    },
  },
  Push: {
    underWay: {
      value: {
        ...BEGUN,
        status: 'RUNNING',
        subject: `s3://${BUCKET}/team-a/app/1.4.2.tar`,
        step: 'UploadLayers',
        images: [
          { ...NAMES, state: 'pushing', layers: [{ digest: LAYER, size: 73400320, state: 'sending', sent: 20971520 }] },
        ],
      },
    },
    failed: {
      value: {
        ...BEGUN,
        status: 'FAILED',
        stoppedAt: '2026-01-31T12:00:09.000Z',
        subject: `s3://${BUCKET}/team-a/app/1.4.2.tar`,
        images: [{ ...NAMES, state: 'unpushed' }],
        diagnosis: {
          code: 'RepositoryNotFound',
          step: 'PrepareRepositories',
          subject: `s3://${BUCKET}/team-a/app/1.4.2.tar`,
          cause: 'there is no repository team-a/app',
          evidence: { error: 'RepositoryNotFound' },
          remedy: 'Create it: aws ecr create-repository --repository-name team-a/app',
          retryable: false,
          executionArn: `${ARN}:${ID}`,
        },
      },
    },
  },
  PresignedDrop: {
    upload: {
      value: {
        method: 'PUT',
        url: `https://${BUCKET}.s3.us-east-1.amazonaws.com/team-a/app/1.4.2.tar?X-Amz-Signature=${'0a'.repeat(32)}`,
        headers: { 'content-length': '104857600' },
        bucket: BUCKET,
        key: 'team-a/app/1.4.2.tar',
        expiresAt: '2026-01-31T12:15:00.000Z',
      },
    },
  },
  Problem: {
    unknown: {
      value: {
        code: 'PushNotFound',
        message: 'there is no push "release"',
        remedy: 'Take an id of GET /pushes; Step Functions forgets executions 90 days after their end.',
      },
    },
  },
};
