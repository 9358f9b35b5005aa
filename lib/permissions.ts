import type { Permission } from './permission';
import {
  CREATE_REPOSITORIES,
  DROP_TARBALL,
  ecr,
  FIND_NEWEST_TARBALL,
  LIST_PUSHES,
  LIST_REPOSITORIES,
  LOOK_FOR_DOCUMENTS,
  onPushes,
  PUT_NOTICE,
  READ_OWN_HISTORY,
  READ_TARBALL,
  read,
  readKeys,
  START_PUSH,
  stream,
  write,
  writeKeys,
} from './permitted-calls';

// Where the bytes of a layer may lie, beside the tarball itself.
const READ_LAYERS = [...READ_TARBALL, read('pushes', 'staged', 'unpacked')];

/**
 * Everything that each function may do, beside writing its own log. docs/security.md prints the statements that come
 * of it; `npm run test:permissions` takes each one of the workflow away, and the push fails.
 */
export const PERMISSIONS = {
  // The workflow, top to bottom.
  InspectTarball: [
    ...[...READ_TARBALL, FIND_NEWEST_TARBALL],
    ...[read('unpacked'), LOOK_FOR_DOCUMENTS, write('pushes'), stream('unpacked')],
  ],
  PrepareRepositories: [read('pushes'), ecr('DescribeRepositories')],
  StageLayer: [...READ_LAYERS, LOOK_FOR_DOCUMENTS, write('staged'), stream('staged')],
  FindMissingLayers: [
    ...[read('pushes', 'staged'), write('pushes')],
    ...[ecr('BatchCheckLayerAvailability', 'DescribeRepositories'), READ_OWN_HISTORY],
  ],
  VerifyPack: [...READ_TARBALL, read('pushes', 'unpacked')],
  UploadSmallLayers: [
    ...READ_LAYERS,
    ecr('InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'BatchCheckLayerAvailability'),
    ...CREATE_REPOSITORIES,
  ],
  InitiateLayerUpload: [read('pushes'), ecr('InitiateLayerUpload'), ...CREATE_REPOSITORIES],
  UploadLayerParts: [...READ_LAYERS, ecr('UploadLayerPart')],
  CompleteLayerUpload: [read('pushes'), ecr('CompleteLayerUpload', 'BatchCheckLayerAvailability')],
  CheckLayerAvailability: [read('pushes'), ecr('BatchCheckLayerAvailability')],
  RestartLayerUpload: [read('pushes'), READ_OWN_HISTORY],
  PutImage: [
    ...[...READ_TARBALL, FIND_NEWEST_TARBALL],
    ...[read('pushes', 'unpacked'), write('pushes'), ecr('PutImage', 'BatchGetImage')],
  ],
  DiagnoseImage: [read('pushes'), write('pushes'), LIST_REPOSITORIES],
  WriteReceipt: [read('pushes'), write('pushes')],
  DiagnoseFailure: [write('pushes'), LIST_REPOSITORIES],

  // What starts it, and what tells how it ended.
  StartPush: [START_PUSH],
  SendNotice: [
    ...[readKeys('pushes/*/receipt.json', 'pushes/*/failure.json', 'pushes/*/notice-*.json'), LOOK_FOR_DOCUMENTS],
    ...[writeKeys('pushes/*/failure.json', 'pushes/*/notice-*.json'), PUT_NOTICE],
  ],

  // The operations of the API.
  CreatePush: [START_PUSH, onPushes('DescribeExecution')],
  GetPush: [onPushes('DescribeExecution', 'GetExecutionHistory'), read('pushes'), LOOK_FOR_DOCUMENTS],
  ListPushes: [LIST_PUSHES],
  StopPush: [onPushes('DescribeExecution', 'StopExecution')],
  PresignDrop: [DROP_TARBALL],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;
