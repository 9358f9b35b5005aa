import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { PushFunctions, PushFunctionsProps, StepName } from './push-functions';

/** Folders of the work bucket. */
type Folder = 'pushes' | 'staged' | 'unpacked';

/** What one step does; test/faults/permissions.test.ts takes each of it away, and the push fails. */
interface Calls {
  /** Reads the tarball: one version of it, or also the newest one, whichever that is. */
  readonly tarball?: 'version' | 'newest';
  readonly reads?: readonly Folder[];
  readonly writes?: readonly Folder[];
  /** Written in parts; parts of a stream that failed are taken back. */
  readonly streams?: Folder;
  /** Asks for documents that may not be there: without ListBucket S3 answers 403 for them. */
  readonly looks?: true;
  /** Of ECR, on the repositories of the drops. */
  readonly ecr?: readonly string[];
  readonly createsRepositories?: true;
  /** Lists the repositories of the own registry, for names near one that is not there. */
  readonly listsRepositories?: true;
}

const LAYERS = { tarball: 'version', reads: ['pushes', 'staged', 'unpacked'] } as const;
const COMPLETE = ['CompleteLayerUpload', 'BatchCheckLayerAvailability'];
const INITIATE = ['InitiateLayerUpload', 'DescribeRepositories'];

const STEPS: Readonly<Record<StepName, Calls>> = {
  InspectTarball: {
    tarball: 'newest',
    reads: ['unpacked'],
    writes: ['pushes'],
    streams: 'unpacked',
    looks: true,
  },
  PrepareRepositories: { reads: ['pushes'], ecr: ['DescribeRepositories'] },
  StageLayer: { ...LAYERS, writes: ['staged'], streams: 'staged', looks: true },
  FindMissingLayers: {
    reads: ['pushes', 'staged'],
    writes: ['pushes'],
    ecr: ['BatchCheckLayerAvailability', 'DescribeRepositories'],
  },
  VerifyPack: { tarball: 'version', reads: ['pushes', 'unpacked'] },
  UploadSmallLayers: { ...LAYERS, ecr: [...INITIATE, 'UploadLayerPart', ...COMPLETE], createsRepositories: true },
  InitiateLayerUpload: { reads: ['pushes'], ecr: INITIATE, createsRepositories: true },
  UploadLayerParts: { ...LAYERS, ecr: ['UploadLayerPart'] },
  CompleteLayerUpload: { reads: ['pushes'], ecr: COMPLETE },
  CheckLayerAvailability: { reads: ['pushes'], ecr: ['BatchCheckLayerAvailability'] },
  RestartLayerUpload: { reads: ['pushes'] },
  PutImage: {
    tarball: 'newest',
    reads: ['pushes', 'unpacked'],
    writes: ['pushes'],
    ecr: ['PutImage', 'BatchGetImage'],
  },
  DiagnoseImage: { reads: ['pushes'], writes: ['pushes'], listsRepositories: true },
  WriteReceipt: { reads: ['pushes'], writes: ['pushes'] },
  DiagnoseFailure: { writes: ['pushes'], listsRepositories: true },
};

/** Allows each function its own calls, and no others. */
export function grantCalls(functions: PushFunctions, props: PushFunctionsProps): void {
  for (const [name, calls] of Object.entries(STEPS) as [StepName, Calls][]) {
    const allow: Allow = (actions, resources) => {
      if (actions.length === 0 || resources.length === 0) return;
      functions[name].addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    };
    grantTarball(allow, calls, props.dropBucket);
    grantDocuments(allow, calls, props.workBucket);
    grantKeys(allow, calls, props);
    grantRepositories(allow, calls, props);
  }
}

type Allow = (actions: readonly string[], resources: readonly string[]) => void;

function grantTarball(allow: Allow, { tarball }: Calls, bucket: IBucket): void {
  if (tarball === undefined) return;
  const actions = ['s3:GetObjectVersion', ...(tarball === 'newest' ? ['s3:GetObject'] : [])];
  allow(actions, [bucket.arnForObjects('*')]);
  // So that a tarball that is gone is told from one that may not be read.
  allow(['s3:ListBucket'], [bucket.bucketArn]);
}

function grantDocuments(allow: Allow, { reads = [], writes = [], streams, looks }: Calls, bucket: IBucket): void {
  const streamed = streams ? [streams] : [];
  const arns = (folders: readonly Folder[]) => [...new Set(folders)].map((name) => bucket.arnForObjects(`${name}/*`));
  allow(['s3:GetObject'], arns(reads));
  allow(['s3:PutObject'], arns([...writes, ...streamed]));
  allow(['s3:AbortMultipartUpload'], arns(streamed));
  if (looks) allow(['s3:ListBucket'], [bucket.bucketArn]);
}

function grantKeys(allow: Allow, calls: Calls, { dropBucket, workBucket }: PushFunctionsProps): void {
  const { tarball, reads, writes, streams } = calls;
  // S3 decrypts the parts of an upload when it puts them together.
  const decrypted = [...(tarball ? [dropBucket] : []), ...(reads || streams ? [workBucket] : [])];
  const encrypted = writes || streams ? [workBucket] : [];
  const arns = (buckets: readonly IBucket[]) => [
    ...new Set(buckets.flatMap(({ encryptionKey }) => (encryptionKey ? [encryptionKey.keyArn] : []))),
  ];
  allow(['kms:Decrypt'], arns(decrypted));
  allow(['kms:GenerateDataKey'], arns(encrypted));
}

function grantRepositories(allow: Allow, calls: Calls, { drops, createRepositories }: PushFunctionsProps): void {
  const { ecr = [], createsRepositories, listsRepositories } = calls;
  const actions = ecr.map((operation) => `ecr:${operation}`);
  // The account is left open: another account's repositories are guarded by their own policies.
  const anyAccount = repositoryArns(
    '*',
    drops.flatMap(({ repositories }) => repositories),
  );
  allow(actions, anyAccount);
  if (createsRepositories)
    allow(['ecr:CreateRepository'], repositoryArns(Aws.ACCOUNT_ID, createRepositories.repositories));
  if (listsRepositories) allow(['ecr:DescribeRepositories'], repositoryArns(Aws.ACCOUNT_ID, ['*']));
}

function repositoryArns(account: string, patterns: readonly string[]): string[] {
  const prefix = `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${account}:repository/`;
  return [...new Set(patterns)].map((pattern) => `${prefix}${pattern}`);
}
