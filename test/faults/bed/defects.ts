/** A defect on purpose: `from`, which stands once in `file`, becomes `to`. */
export interface Defect {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The plans of the sweep that are run: those whose JSON holds this text. */
  readonly only: string;
}

/** Defects that a hasty hand would make; the sweep must find each. */
export const DEFECTS: readonly Defect[] = [
  {
    name: 'a lost upload is restarted without asking whether the layer is there',
    file: 'lambda/handlers/complete-layer-upload.ts',
    from: 'const available = (await availableLayers(id, [layer.digest])).has(layer.digest);',
    to: 'const available = false;',
    only: '"operation":"CompleteLayerUpload"',
  },
  {
    name: 'a part that ECR has already is fatal to its upload',
    file: 'lambda/upload/realign.ts',
    from: "if (nextByte === part.lastByte + 1) return { kind: 'stored' };",
    to: "if (nextByte === part.lastByte + 1) return { kind: 'abandon' };",
    only: '"fault":"reply-lost"',
  },
  {
    name: 'an upload that stands further ahead or behind is given up',
    file: 'lambda/upload/realign.ts',
    from: "return onOurGrid || nextByte === size ? { kind: 'resume', nextByte } : { kind: 'abandon' };",
    to: "return onOurGrid && nextByte < 0 ? { kind: 'resume', nextByte } : { kind: 'abandon' };",
    only: '"fault":"killed"',
  },
  {
    name: 'reads name no version',
    file: 'lambda/aws/source-object.ts',
    from: '    VersionId: versionId,\n    IfMatch: etag,',
    to: '    IfMatch: etag,',
    only: '"fault":"source-',
  },
  {
    name: 'reads name neither version nor ETag',
    file: 'lambda/aws/source-object.ts',
    from: '    VersionId: versionId,\n    IfMatch: etag,\n',
    to: '',
    only: '"fault":"source-',
  },
  {
    name: 'a newer version of the tarball is not looked for',
    file: 'lambda/handlers/start-push.ts',
    from: 'onlyNewest: true',
    to: 'onlyNewest: false',
    only: '"fault":"source-overwritten"',
  },
  {
    name: 'an answer that is cut short is taken',
    file: 'lambda/aws/source-object.ts',
    from: 'if (at === length) return;',
    to: 'if (at <= length) return;',
    only: '"fault":"short-read"',
  },
  {
    name: 'the whole object is taken for the range',
    file: 'lambda/aws/source-object.ts',
    from: '!ContentRange?.startsWith(`bytes ${firstByte}-`)',
    to: 'ContentRange === null',
    only: '"fault":"whole-object"',
  },
  {
    name: 'the tag is put before what it needs',
    file: 'lambda/handlers/put-image.ts',
    from: 'for (const manifest of plan.image.manifests) await put(manifest);',
    to: 'for (const manifest of plan.image.manifests.toReversed()) await put(manifest, plan.image.tags[0]);',
    only: '"operation":"PutImage"',
  },
  {
    name: 'an image that is there already is an error',
    file: 'lambda/aws/ecr-images.ts',
    from: "    case 'ImageAlreadyExistsException':\n      return;\n",
    to: '',
    only: '"operation":"PutImage"',
  },
  {
    name: 'a server fault is not tried again by the workflow',
    file: 'lib/retry-policies.ts',
    from: 'errors: [nameOf(Throttled), nameOf(ServiceUnavailable)]',
    to: 'errors: [nameOf(Throttled)]',
    only: '"fault":"server-error"',
  },
  {
    name: 'a function that dies is not run again',
    file: 'lib/retry-policies.ts',
    from: "      'Runtime.ExitError',\n",
    to: '',
    only: '"fault":"killed"',
  },
  {
    name: 'layers that ECR collected are not sent again',
    file: 'lib/push-image.ts',
    from: 'putImage.addCatch(findMissingLayers, { errors: [nameOf(LayersNotFound)], outputs: INPUT });',
    to: '',
    only: '"fault":"layers-collected"',
  },
  {
    name: 'the whole environment is logged',
    file: 'lambda/handlers/wiring/step.ts',
    from: "logger.info('step done', {",
    to: "logger.info('step done', { environment: process.env as object,",
    only: '"fault":"reset"',
  },
];
