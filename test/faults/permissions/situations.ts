/** One action of one role, as the template grants it. */
export interface Grant {
  readonly step: string;
  readonly action: string;
  readonly resource: string;
}

/** A push in which a step cannot do without an action. */
export interface Situation {
  readonly tarball: 'layout' | 'inline layout' | 'docker archive' | 'damaged layout' | 'no tar';
  /** Layers are decompressed before they are sent, which what a descriptor carries needs to be read again for. */
  readonly deep?: boolean;
  /** Its layer is too large to share an invocation. */
  readonly large?: boolean;
  /** An earlier push has sent it to another repository. */
  readonly known?: boolean;
  /** The tarball is compressed as a whole. */
  readonly compressed?: boolean;
  /** ECR loses uploads, so that layers restart alone. */
  readonly loses?: boolean;
  /** The repository is for the push to create. */
  readonly creates?: boolean;
  /** It is deleted before layers restart, and made again. */
  readonly recreates?: boolean;
  /** The push is started by StartExecution, without a version. */
  readonly newest?: boolean;
  /** The step before which the tarball is deleted. */
  readonly goneBefore?: string;
  /** How the push ends once the action is allowed. */
  readonly ends: 'SUCCEEDED' | 'SourceGone' | 'DigestMismatch' | 'NotAnArchive';
}

// They run when a pack of small layers has lost one.
const ALONE = [
  'RestartLayerUpload',
  'InitiateLayerUpload',
  'UploadLayerParts',
  'CompleteLayerUpload',
  'CheckLayerAvailability',
];

// UploadLayerParts writes nothing but notes on how far it is.
const WRITES = ['s3:PutObject', 'kms:GenerateDataKey'];

/** Actions without which a push ends the same: what they are good for is told apart, in tests of their own. */
export function isBestEffort({ step, action, resource }: Grant): boolean {
  if (step === 'UploadLayerParts' && WRITES.includes(action)) return true;
  if (/\/progress\//.test(resource)) return true;
  return action === 's3:AbortMultipartUpload' || (step.startsWith('Diagnose') && action === 'ecr:DescribeRepositories');
}

/** A push in which the step needs the action. */
export function situationFor({ step, action, resource }: Grant): Situation {
  const inDrop = /dropbucket/.test(resource);
  // What is only sent is compared on the way.
  const deep = step === 'VerifyPack' ? { deep: true } : {};
  const common = { loses: ALONE.includes(step), compressed: /\/unpacked\//.test(resource), ...deep };
  if (step === 'DiagnoseFailure') return { tarball: 'no tar', ends: 'NotAnArchive' };
  // A push that leaves a receipt, and fails all the same.
  if (step === 'WriteReceipt' && /\/failure\.json$/.test(resource)) {
    return { tarball: 'damaged layout', ends: 'DigestMismatch' };
  }
  if (step === 'DiagnoseImage') return { tarball: 'damaged layout', ends: 'DigestMismatch' };
  const tarball = tarballFor(step, resource);
  if (action === 's3:ListBucket' && inDrop) return { ...common, tarball, goneBefore: step, ends: 'SourceGone' };
  return {
    ...common,
    tarball,
    ...(action === 's3:ListBucket' && step === 'InspectTarball' ? { compressed: true } : {}),
    ...(action === 's3:GetObject' && inDrop && step === 'InspectTarball' ? { newest: true } : {}),
    ...(tarball === 'inline layout' ? { deep: true } : {}),
    ...(action.startsWith('ecr:') && step === 'StageLayer' ? { large: true } : {}),
    ...(action === 'ecr:BatchCheckLayerAvailability' && step === 'StageLayer' ? { known: true } : {}),
    ...(/Repositor/.test(action) && step !== 'PrepareRepositories' ? { creates: true } : {}),
    ...(action === 'ecr:CreateRepository' && common.loses ? { recreates: true } : {}),
    ends: 'SUCCEEDED',
  };
}

function tarballFor(step: string, resource: string): Situation['tarball'] {
  if (step === 'StageLayer' || /\/staged\//.test(resource)) return 'docker archive';
  return /\/inline\//.test(resource) ? 'inline layout' : 'layout';
}
