import { getAuthorizationToken } from './authorization';
import { EcrError } from './errors';
import { underFault } from './fault-effects';
import type { FaultHook } from './faults';
import { batchDeleteImage } from './image-deletion';
import { batchGetImage, describeImages, listImages } from './image-queries';
import type { Fields } from './input';
import { batchCheckLayerAvailability, getDownloadUrlForLayer } from './layer-operations';
import { putImage } from './put-image';
import type { Operation, Registry } from './registry';
import { createRepository, deleteRepository, describeRepositories } from './repository-operations';
import { listTagsForResource } from './tag-queries';
import { uploadFaults } from './upload-faults';
import { completeLayerUpload, initiateLayerUpload, uploadLayerPart } from './upload-operations';

const OPERATIONS = {
  BatchCheckLayerAvailability: batchCheckLayerAvailability,
  BatchDeleteImage: batchDeleteImage,
  BatchGetImage: batchGetImage,
  CompleteLayerUpload: completeLayerUpload,
  CreateRepository: createRepository,
  DeleteRepository: deleteRepository,
  DescribeImages: describeImages,
  DescribeRepositories: describeRepositories,
  GetAuthorizationToken: getAuthorizationToken,
  GetDownloadUrlForLayer: getDownloadUrlForLayer,
  InitiateLayerUpload: initiateLayerUpload,
  ListImages: listImages,
  ListTagsForResource: listTagsForResource,
  PutImage: putImage,
  UploadLayerPart: uploadLayerPart,
} satisfies Record<string, Operation>;

/** Name of an operation of the API. */
export type OperationName = keyof typeof OPERATIONS;

/** What an operation answers. */
export type ReplyOf<Name extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[Name]>>;

/** Narrows a name from the wire; throws UnknownOperationException. */
export function operationName(name: string): OperationName {
  if (!Object.hasOwn(OPERATIONS, name)) {
    throw new EcrError('UnknownOperationException', `The operation '${name}' is not one of this service`);
  }
  return name as OperationName;
}

/** Who calls, and how the caller reaches this server. */
export interface Caller {
  readonly origin: string;
  readonly accessKeyId?: string;
}

/** Carries out calls, whichever door they came in by: counts them, lets faults happen, runs the operation. */
export class Dispatch {
  constructor(
    readonly registry: Registry,
    private readonly hook: FaultHook | undefined,
  ) {}

  async call<Name extends OperationName>(operation: Name, input: Fields, caller: Caller): Promise<ReplyOf<Name>> {
    const run: Operation = OPERATIONS[operation];
    const work = () => run(this.registry, input, caller.origin) as Promise<ReplyOf<Name>>;
    return this.around(operation, input, work, caller.accessKeyId);
  }

  /** For work behind a door that is no operation of the API. */
  around<T>(operation: string, input: Fields, work: () => Promise<T>, accessKeyId?: string): Promise<T> {
    this.count(operation, input);
    const { layerPartBlob: _, ...parameters } = input;
    const upload = uploadFaults(this.registry, input);
    return underFault({ hook: this.hook, upload }, { operation, input: parameters, accessKeyId }, work);
  }

  private count(operation: string, { uploadId, layerPartBlob }: Fields): void {
    this.registry.tally.called(operation);
    if (operation !== 'UploadLayerPart' || !Buffer.isBuffer(layerPartBlob)) return;
    this.registry.tally.received(String(uploadId), layerPartBlob.length);
  }
}
