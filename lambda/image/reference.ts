/** How a tarball calls an image: where a registry is named, it is left out, for the image goes to ECR. */
export interface Reference {
  /** As it stands in the tarball. */
  readonly text: string;
  /** Path without registry; absent where only a tag is given. */
  readonly repository?: string;
  /** Absent where the image is named by digest alone. */
  readonly tag?: string;
}

/** What kaniko writes where no destination is given. https://github.com/GoogleContainerTools/kaniko */
const NO_NAME = 'unset-repo/unset-image-name';
/** What crane writes as the tag of an image pulled by digest. https://github.com/google/go-containerregistry */
const NO_TAG = 'i-was-a-digest';

/**
 * Reads a full image name as docker does: `docker.io/library/x:1`, `localhost:5000/x`, `x@sha256:…`; without tag and
 * digest the tag is `latest`. `undefined` where it names nothing. Characters are checked where a name is used.
 * https://github.com/distribution/reference
 */
export function parseReference(text: string): Reference | undefined {
  const [name = '', digest] = text.split('@', 2);
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const repository = withoutRegistry(hasTag ? name.slice(0, colon) : name);
  if (repository === '' || repository === '<none>' || repository === NO_NAME) return undefined;
  const tag = hasTag ? name.slice(colon + 1) : digest === undefined ? 'latest' : NO_TAG;
  return tag === NO_TAG || tag === '<none>' ? { text, repository } : { text, repository, tag };
}

/**
 * Reads the annotation `org.opencontainers.image.ref.name`: a tag, or a full image name.
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function parseRefName(text: string): Reference | undefined {
  if (/[/:@]/.test(text)) return parseReference(text);
  return text === '' ? undefined : { text, tag: text };
}

// A first segment is a registry where it could not be a repository's: it has a dot or a port, or is "localhost".
function withoutRegistry(name: string): string {
  const [first = '', ...rest] = name.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = isRegistry ? rest : [first, ...rest];
  const isDockerHub = !isRegistry || first === 'docker.io' || first === 'index.docker.io';
  return (isDockerHub && path.length === 2 && path[0] === 'library' ? path.slice(1) : path).join('/');
}
