/** What a path under `/v2/` names. https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#endpoints */
export type Route =
  | { readonly kind: 'root' | 'catalog' | 'unknown' }
  | { readonly kind: 'tags' | 'uploads'; readonly repositoryName: string }
  | { readonly kind: 'manifest'; readonly repositoryName: string; readonly reference: string }
  | { readonly kind: 'blob' | 'referrers'; readonly repositoryName: string; readonly digest: string }
  | { readonly kind: 'upload'; readonly repositoryName: string; readonly uploadId: string };

/** Reads a path; names and references are judged by the operations they go to. */
export function routeOf(path: string): Route {
  if (path === '/v2/' || path === '/v2') return { kind: 'root' };
  if (path === '/v2/_catalog') return { kind: 'catalog' };
  // `blobs/uploads` first: an upload id would pass for a digest.
  const match =
    /^\/v2\/(?<name>.+)\/(?<kind>blobs\/uploads|manifests|blobs|tags|referrers)\/(?<last>[^/]*)$/.exec(path) ??
    /^\/v2\/(?<name>.+)\/(?<kind>blobs\/uploads)(?<last>)$/.exec(path);
  const { name: repositoryName = '', kind = '', last = '' } = match?.groups ?? {};
  switch (kind) {
    case 'blobs/uploads':
      return last === '' ? { kind: 'uploads', repositoryName } : { kind: 'upload', repositoryName, uploadId: last };
    case 'manifests':
      return { kind: 'manifest', repositoryName, reference: last };
    case 'blobs':
      return { kind: 'blob', repositoryName, digest: last };
    case 'referrers':
      return { kind: 'referrers', repositoryName, digest: last };
    case 'tags':
      return last === 'list' ? { kind: 'tags', repositoryName } : { kind: 'unknown' };
    default:
      return { kind: 'unknown' };
  }
}
