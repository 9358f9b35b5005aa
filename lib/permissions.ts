import type { Permission } from './permission';
import {
  CREATE_REPOSITORIES,
  DROP_TARBALL,
  ecr,
  FIND_NEWEST_TARBALL,
  LIST_PUSHES,
  LIST_REPOSITORIES,
  LOOK_FOR_DOCUMENTS,
  NOTE_PROGRESS,
  onPushes,
  PUT_NOTICE,
  READ_OWN_HISTORY,
  READ_TARBALL,
  read,
  START_PUSH,
  stream,
  write,
} from './permitted-calls';

// Where the bytes of a layer may lie, beside the tarball itself.
const LAYERS = ['inline', 'staged', 'unpacked'] as const;

/**
 * Everything that each function may do, beside writing its own log. docs/security.md prints the statements that come
 * of it; `npm run test:permissions` takes each one of the workflow away, and the push fails.
 */
export const PERMISSIONS = {
  // The workflow, top to bottom.
  InspectTarball: [
    ...[...READ_TARBALL, FIND_NEWEST_TARBALL],
    ...[read('unpacked'), LOOK_FOR_DOCUMENTS, write('plan', 'inline'), stream('unpacked')],
  ],
  PrepareRepositories: [read('plan'), ecr('DescribeRepositories')],
  StageLayer: [
    ...[...READ_TARBALL, read('plan', 'staged', 'unpacked')],
    ...[LOOK_FOR_DOCUMENTS, write('staged'), stream('staged')],
    ...[NOTE_PROGRESS, ecr('InitiateLayerUpload', 'UploadLayerPart', 'BatchCheckLayerAvailability')],
  ],
  FindMissingLayers: [
    ...[read('plan', 'staged'), write('uploads')],
    ...[ecr('BatchCheckLayerAvailability', 'DescribeRepositories'), READ_OWN_HISTORY],
  ],
  VerifyPack: [...READ_TARBALL, read('uploads', 'inline', 'unpacked')],
  UploadSmallLayers: [
    ...[...READ_TARBALL, read('uploads', ...LAYERS)],
    ecr('InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'BatchCheckLayerAvailability'),
    ...CREATE_REPOSITORIES,
  ],
  InitiateLayerUpload: [read('uploads'), ecr('InitiateLayerUpload'), ...CREATE_REPOSITORIES],
  UploadLayerParts: [...READ_TARBALL, read('uploads', ...LAYERS), NOTE_PROGRESS, ecr('UploadLayerPart')],
  CompleteLayerUpload: [read('uploads'), ecr('CompleteLayerUpload', 'BatchCheckLayerAvailability')],
  CheckLayerAvailability: [read('uploads'), ecr('BatchCheckLayerAvailability')],
  RestartLayerUpload: [read('uploads'), READ_OWN_HISTORY],
  PutImage: [
    ...[...READ_TARBALL, FIND_NEWEST_TARBALL],
    ...[read('uploads', 'unpacked'), write('outcome'), ecr('PutImage', 'BatchGetImage')],
  ],
  DiagnoseImage: [read('plan'), write('outcome'), LIST_REPOSITORIES],
  WriteReceipt: [read('plan', 'outcome'), write('receipt', 'failure')],
  DiagnoseFailure: [write('failure'), LIST_REPOSITORIES],

  // What starts it, and what tells how it ended.
  StartPush: [START_PUSH],
  SendNotice: [
    ...[read('receipt', 'failure', 'notice'), LOOK_FOR_DOCUMENTS],
    ...[write('failure', 'notice'), PUT_NOTICE],
  ],

  // The operations of the API.
  CreatePush: [START_PUSH, onPushes('DescribeExecution')],
  GetPush: [
    onPushes('DescribeExecution', 'GetExecutionHistory'),
    read('plan', 'uploads', 'progress', 'outcome'),
    LOOK_FOR_DOCUMENTS,
  ],
  ListPushes: [LIST_PUSHES],
  StopPush: [onPushes('DescribeExecution', 'StopExecution')],
  PresignDrop: [DROP_TARBALL],
  // It has the page with it, and calls nothing.
  ServePage: [],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;
