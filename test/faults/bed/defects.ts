/** In `file`, `from`, which stands there once, becomes `to`. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A defect on purpose: one edit, or several where a second look would catch the first. */
export interface Defect {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The plans of the sweep that are run: those whose JSON holds this text. */
  readonly only: string;
}

/** Defects that a hasty hand would make; the sweep must find each. */
export const DEFECTS: readonly Defect[] = [
  {
    name: 'a lost upload is restarted without asking whether the layer is there',
    edits: [
      {
        file: 'lambda/handlers/complete-layer-upload.ts',
        from: 'const available = (await availableLayers(id, [layer.digest])).has(layer.digest);',
        to: "const available = outcome === 'completed' && (await availableLayers(id, [layer.digest])).has(layer.digest);",
      },
    ],
    only: '"operation":"CompleteLayerUpload"',
  },
  {
    name: 'a part that ECR has already is fatal to its upload',
    edits: [
      {
        file: 'lambda/upload/realign.ts',
        from: "if (nextByte === part.lastByte + 1) return { kind: 'stored' };",
        to: "if (nextByte === part.lastByte + 1) return { kind: 'abandon' };",
      },
    ],
    only: '"fault":"reply-lost"',
  },
  {
    name: 'what was sent in part while it was compressed counts as all sent',
    edits: [
      {
        file: 'lambda/aws/early-upload.ts',
        from: 'this.#allSent = !this.#over;',
        to: 'this.#allSent = true;',
      },
    ],
    only: '"scenario":"early"',
  },
  {
    name: 'a layer that went to ECR alone begins again without its bytes',
    edits: [
      {
        file: 'lambda/handlers/restart-layer-upload.ts',
        from: 'bytesSent, lost, toStage, ...next }',
        to: 'bytesSent, lost, toStage: toStage && undefined, ...next }',
      },
    ],
    only: '"scenario":"early","concurrency":1,"faults":[{"service":"ecr","operation":"CompleteLayerUpload"',
  },
  {
    name: 'an upload that stands further ahead or behind is given up',
    edits: [
      {
        file: 'lambda/upload/realign.ts',
        from: "return onOurGrid || nextByte === size ? { kind: 'resume', nextByte } : { kind: 'abandon' };",
        to: "return onOurGrid && nextByte < 0 ? { kind: 'resume', nextByte } : { kind: 'abandon' };",
      },
    ],
    only: '"fault":"killed"',
  },
  {
    name: 'reads name no version',
    edits: [
      {
        file: 'lambda/aws/source-object.ts',
        from: '    VersionId: versionId,\n    IfMatch: etag,',
        to: '    IfMatch: etag,',
      },
    ],
    only: '"fault":"source-',
  },
  {
    name: 'reads name neither version nor ETag',
    edits: [
      {
        file: 'lambda/aws/source-object.ts',
        from: '    VersionId: versionId,\n    IfMatch: etag,\n',
        to: '',
      },
    ],
    only: '"fault":"source-',
  },
  {
    name: 'a newer version of the tarball is not looked for',
    edits: [
      {
        file: 'lambda/handlers/start-push.ts',
        from: 'onlyNewest: true',
        to: 'onlyNewest: false',
      },
    ],
    only: '"fault":"source-overwritten"',
  },
  {
    name: 'an answer that is cut short is taken',
    edits: [
      {
        file: 'lambda/aws/source-object.ts',
        from: '  await finished(body);',
        to: '  await finished(body).catch(() => undefined);',
      },
      { file: 'lambda/aws/source-object.ts', from: 'if (at !== length) throw', to: 'if (at > length) throw' },
    ],
    only: '"fault":"short-read"',
  },
  {
    name: 'a plain layer is read on from its first byte',
    edits: [{ file: 'lambda/aws/stream-range.ts', from: 'firstByte: firstByte + sent,', to: 'firstByte,' }],
    only: '"fault":"short-read"',
  },
  {
    name: 'the whole object is taken for the range',
    edits: [
      {
        file: 'lambda/aws/source-object.ts',
        from: 'Body && ContentRange?.startsWith(`bytes ${firstByte}-`)',
        to: 'Body',
      },
      { file: 'lambda/aws/source-object.ts', from: 'if (at !== length) throw', to: 'if (at < length) throw' },
    ],
    only: '"fault":"whole-object"',
  },
  {
    name: 'the tag is put before what it needs',
    edits: [
      {
        file: 'lambda/handlers/put-image.ts',
        from: 'for (const manifest of manifests.slice(0, -1)) await put(manifest);',
        to: 'for (const manifest of manifests.toReversed()) await put(manifest, tags[0]);',
      },
    ],
    only: '"operation":"PutImage"',
  },
  {
    name: 'an image that is there already is an error',
    edits: [
      {
        file: 'lambda/aws/ecr-images.ts',
        from: "    case 'ImageAlreadyExistsException':\n      return;\n",
        to: '',
      },
    ],
    only: '"operation":"PutImage"',
  },
  {
    name: 'a server fault is not tried again by the workflow',
    edits: [
      {
        file: 'lib/retry-policies.ts',
        from: '      nameOf(ServiceUnavailable),\n',
        to: '',
      },
    ],
    only: '"fault":"server-error"',
  },
  {
    name: 'a function that dies is not run again',
    edits: [
      {
        file: 'lib/retry-policies.ts',
        from: "'Lambda.Unknown', 'Runtime.ExitError',",
        to: "'Lambda.Unknown',",
      },
    ],
    only: '"fault":"killed"',
  },
  {
    name: 'layers that ECR collected are not sent again',
    edits: [
      {
        file: 'lib/push-image.ts',
        from: 'putImage.addCatch(findMissingLayers, { errors: [nameOf(LayersNotFound)], outputs: INPUT });',
        to: '',
      },
    ],
    only: '"fault":"layers-collected"',
  },
  {
    name: 'the whole environment is logged',
    edits: [
      {
        file: 'lambda/handlers/wiring/step.ts',
        from: "logger.info('step done', {",
        to: "logger.info('step done', { environment: process.env as object,",
      },
    ],
    only: '"fault":"reset"',
  },
];
