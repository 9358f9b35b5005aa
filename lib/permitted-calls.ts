import { Aws, Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { DOCUMENT_KEYS } from '../lambda/contract/document-keys';
import { dropFolder } from '../lambda/contract/drop';
import { NOTICE_SOURCE, NOTICE_TYPES } from '../lambda/contract/notice';
import type { CreateRepositories } from './create-repositories';
import {
  executionArns,
  type KeyUse,
  type Permission,
  repositoryArns,
  type Surroundings,
  throughService,
} from './permission';

/** What lies in the work bucket: the documents of one push, and what all pushes find again. */
type Stored = keyof typeof DOCUMENT_KEYS | Folder;
type Folder = 'staged' | 'unpacked';

const DECRYPT_TARBALLS: KeyUse[] = [{ of: 'dropBucket', action: 'kms:Decrypt' }];
const DECRYPT_DOCUMENTS: KeyUse[] = [{ of: 'workBucket', action: 'kms:Decrypt' }];
const ENCRYPT_DOCUMENTS: KeyUse[] = [{ of: 'workBucket', action: 'kms:GenerateDataKey' }];

const inDrops = ({ dropBucket, drops }: Surroundings) => [
  ...new Set(drops.map(({ prefix }) => dropBucket.arnForObjects(`${dropFolder(prefix)}*`))),
];
const inWork = (stored: readonly Stored[]) => (surroundings: Surroundings) =>
  stored.map((name) => surroundings.workBucket.arnForObjects(keysOf(name)));

function keysOf(name: Stored): string {
  return name === 'staged' || name === 'unpacked' ? `${name}/*` : DOCUMENT_KEYS[name]('*', '*');
}

/** What reads a tarball in a drop needs: one version of it, and to be told where it is gone. */
export const READ_TARBALL: readonly Permission[] = [
  {
    sid: 'ReadTarball',
    why: 'Reads ranges of the one version that is pushed, in the folders of drops.',
    actions: ['s3:GetObjectVersion'],
    on: inDrops,
    keys: DECRYPT_TARBALLS,
  },
  {
    sid: 'ReadTarballWithoutVersion',
    why: 'A bucket that was there before may keep no versions; then reads name the ETag.',
    actions: ['s3:GetObject'],
    on: (surroundings) => (surroundings.isForeignDropBucket ? inDrops(surroundings) : []),
  },
  {
    sid: 'TellGoneTarballFromDenied',
    why: 'Without it S3 answers 403 for a tarball that is gone. No function lists the bucket.',
    actions: ['s3:ListBucket'],
    on: ({ dropBucket }) => [dropBucket.bucketArn],
  },
];

/** Finds out which version of a tarball is the newest. */
export const FIND_NEWEST_TARBALL: Permission = {
  sid: 'FindNewestTarball',
  why: 'Asks which version is the newest: a request may name none, and a newer one supersedes a push.',
  actions: ['s3:GetObject'],
  on: inDrops,
};

/** Writes tarballs into the folders of drops: a presigned URL allows what the role that signed it may. */
export const DROP_TARBALL: Permission = {
  sid: 'DropTarball',
  why: 'A presigned upload allows what the role that signed it may: to write into the folders of drops.',
  actions: ['s3:PutObject'],
  on: inDrops,
  keys: [{ of: 'dropBucket', action: 'kms:GenerateDataKey' }],
};

/** Reads documents or layers in the work bucket. */
export function read(...stored: Stored[]): Permission {
  const why = 'Reads plans, results and layers that other steps left in the work bucket.';
  return { sid: 'ReadDocuments', why, actions: ['s3:GetObject'], on: inWork(stored), keys: DECRYPT_DOCUMENTS };
}

/** Writes documents into the work bucket. */
export function write(...stored: Stored[]): Permission {
  const why = 'Leaves what it found out in the work bucket, for later steps and for you.';
  return { sid: 'WriteDocuments', why, actions: ['s3:PutObject'], on: inWork(stored), keys: ENCRYPT_DOCUMENTS };
}

/** Notes how far the compression or the upload of a layer is, and nothing else. */
export const NOTE_PROGRESS: Permission = {
  sid: 'NoteProgress',
  why: 'Notes every few seconds how far the compression or the upload of a layer is; without it the push goes on untold.',
  actions: ['s3:PutObject'],
  on: inWork(['progress']),
  keys: ENCRYPT_DOCUMENTS,
};

/** Writes objects of any size into a folder of the work bucket, part by part; S3 decrypts parts to join them. */
export function stream(folder: Folder): Permission {
  return {
    sid: 'StreamObjects',
    why: 'Writes objects of any size in parts, and takes back the parts of one that failed.',
    actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
    on: inWork([folder]),
    keys: [...ENCRYPT_DOCUMENTS, ...DECRYPT_DOCUMENTS],
  };
}

/** Asks for documents that may not be there. */
export const LOOK_FOR_DOCUMENTS: Permission = {
  sid: 'TellAbsentDocumentFromDenied',
  why: 'Asks for documents that may not be there; without it S3 answers 403 for them. No function lists the bucket.',
  actions: ['s3:ListBucket'],
  on: ({ workBucket }: { workBucket: IBucket }) => [workBucket.bucketArn],
};

/** Operations of ECR on the repositories of the drops. */
export function ecr(...operations: string[]): Permission {
  return {
    sid: 'CallRepositoriesOfDrops',
    why: 'The calls of this step on the repositories that a drop may push to, in the own account and in `registries`.',
    actions: operations.map((operation) => `ecr:${operation}`),
    on: ({ drops, registries }) =>
      repositoryArns(
        drops.flatMap(({ repositories }) => repositories),
        [Aws.ACCOUNT_ID, ...registries],
      ),
  };
}

/** What drops create, those that create anything. */
function creations({ drops }: Surroundings): CreateRepositories[] {
  return drops.flatMap(({ repositories, createRepositories }) =>
    createRepositories
      ? [{ ...createRepositories, repositories: createRepositories.repositories ?? repositories }]
      : [],
  );
}

function createdBy(some: readonly CreateRepositories[]): string[] {
  return repositoryArns(
    some.flatMap(({ repositories = [] }) => repositories),
    [Aws.ACCOUNT_ID],
  );
}

/** Creates missing repositories, with the tags and the key that they are to have. */
export const CREATE_REPOSITORIES: readonly Permission[] = [
  {
    sid: 'CreateRepositories',
    why: 'Creates repositories of drops that have `createRepositories` where they are missing, in the own account.',
    actions: ['ecr:DescribeRepositories', 'ecr:CreateRepository'],
    on: (at) => createdBy(creations(at)),
  },
  {
    sid: 'TagCreatedRepositories',
    why: 'Creates them with `tags`, where a drop gives any.',
    actions: ['ecr:TagResource'],
    on: (at) => createdBy(creations(at).filter(({ tags = {} }) => Object.keys(tags).length > 0)),
  },
  {
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    sid: 'LendKeyToCreatedRepositories',
    why: 'Creates them with `encryptionKey`, on which ECR takes a grant for itself.',
    actions: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'],
    on: (at) => [...new Set(creations(at).flatMap(({ encryptionKey }) => encryptionKey?.keyArn ?? []))],
    conditions: throughService('ecr'),
  },
];

/** Names of the repositories of the own registry. */
export const LIST_REPOSITORIES: Permission = {
  sid: 'ListRepositoryNames',
  why: 'Looks for a name that is near one that is not there, for the diagnosis.',
  actions: ['ecr:DescribeRepositories'],
  on: () => repositoryArns(['*'], [Aws.ACCOUNT_ID]),
};

/** Starts pushes. */
export const START_PUSH: Permission = {
  sid: 'StartPush',
  why: 'Starts the workflow.',
  actions: ['states:StartExecution'],
  on: ({ stateMachine }) => (stateMachine ? [stateMachine.stateMachineArn] : []),
};

/** Lists pushes. */
export const LIST_PUSHES: Permission = {
  sid: 'ListPushes',
  why: 'Lists the executions of the workflow.',
  actions: ['states:ListExecutions'],
  on: START_PUSH.on,
};

/** Calls on the executions of the workflow. */
export function onPushes(...operations: ('DescribeExecution' | 'GetExecutionHistory' | 'StopExecution')[]): Permission {
  return {
    sid: 'CallPushes',
    why: 'The calls of this operation on executions of the workflow, whose names are not known beforehand.',
    actions: operations.map((operation) => `states:${operation}`),
    on: ({ stateMachine }) => (stateMachine ? [executionArns(stateMachine)] : []),
  };
}

/** How much of the history of the own push is used up. */
export const READ_OWN_HISTORY: Permission = {
  ...onPushes('GetExecutionHistory'),
  sid: 'ReadHistoryOfPush',
  why: 'Counts the events of its push, whose history ends at 25,000.',
};

/** Tells how pushes ended. */
export const PUT_NOTICE: Permission = {
  sid: 'PutNotices',
  why: 'Puts the events that tell how pushes ended, and no others, on the default bus.',
  actions: ['events:PutEvents'],
  on: ({ workBucket }) => [
    Stack.of(workBucket).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
  ],
  conditions: { StringEquals: { 'events:source': NOTICE_SOURCE, 'events:detail-type': Object.values(NOTICE_TYPES) } },
};
