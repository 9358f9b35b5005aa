import { Unsupported } from '../contract/errors';
import { dataIn } from './inline-data';
import type { JsonNode } from './json-node';
import { type Platform, platformIn } from './platform';

/** Names content by digest. https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly platform?: Platform;
  /** Its content, where the descriptor carries it itself; compared with digest and size. */
  readonly data?: Uint8Array;
  readonly annotations: ReadonlyMap<string, string>;
  /** Tar entry and place in it where the descriptor stands, for messages. */
  readonly entry: string;
  readonly path: string;
}

/** A descriptor that says what its content is. */
export interface TypedDescriptor extends Descriptor {
  readonly mediaType: string;
}

/** A descriptor whose media type may be missing. ManifestInvalid, or Unsupported for a form that ECR does not take. */
export function parseDescriptor(node: JsonNode): Descriptor {
  const mediaType = mediaTypeIn(node.field('mediaType'));
  const artifactType = mediaTypeIn(node.field('artifactType'));
  const digest = node.field('digest').digest();
  const size = node.field('size').size();
  const platform = platformIn(node.field('platform'));
  const data = dataIn(node, digest, size);
  return {
    digest,
    size,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(platform ? { platform } : {}),
    ...(data ? { data } : {}),
    annotations: node.field('annotations').texts(),
    entry: node.entry,
    path: node.path,
  };
}

/** A descriptor with its media type, as a manifest has them for its config and layers. */
export function parseTypedDescriptor(node: JsonNode): TypedDescriptor {
  const { mediaType, ...rest } = parseDescriptor(node);
  if (mediaType !== undefined) return { ...rest, mediaType };
  throw node.invalid(`${node.path}.mediaType is missing`, 'a media type');
}

/** A media type, where there is one; Unsupported with parameters. */
export function mediaTypeIn(node: JsonNode): string | undefined {
  const mediaType = node.textOrNone();
  if (!mediaType?.includes(';')) return mediaType;
  throw new Unsupported({
    found: `${node.path} is "${mediaType.slice(0, 200)}"`,
    entry: node.entry,
    expected: 'a media type without parameters: ECR refuses those with ";"',
    remedy: 'Write the artifact with a plain media type.',
  });
}
