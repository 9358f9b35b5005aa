import { type Fields, matches } from './input';
import type { Manifest } from './manifest';
import { placeIn, repositoryAt } from './registry';
import { DIGEST } from './rules';
import { V2Error } from './v2-errors';
import { call, type Exchange, sendJson } from './v2-exchange';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const PAGE = 1000;

/** GET tags/list. */
export async function sendTags(exchange: Exchange, repositoryName: string): Promise<void> {
  await call(exchange, 'ListImages', { repositoryName, ...pageSize(exchange) });
  const { registry } = exchange.dispatch;
  const { tags } = repositoryAt(registry, placeIn(registry, { repositoryName }));
  const body = { name: repositoryName, tags: pageOf(exchange, [...tags.keys()]) };
  // The type ECR sends, JSON or not.
  sendJson(exchange.response, 'text/plain; charset=utf-8', body);
}

/** GET _catalog. */
export async function sendCatalog(exchange: Exchange): Promise<void> {
  await call(exchange, 'DescribeRepositories', pageSize(exchange));
  const names = [...exchange.dispatch.registry.catalog.repositories.keys()];
  sendJson(exchange.response, 'text/plain; charset=utf-8', { repositories: pageOf(exchange, names) });
}

/** GET referrers. https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers */
export async function sendReferrers(exchange: Exchange, repositoryName: string, digest: string): Promise<void> {
  const { dispatch, response, url } = exchange;
  if (!matches(DIGEST.pattern ?? '', digest)) throw new V2Error(400, 'UNSUPPORTED', `'${digest}' is no digest`);
  const input = { repositoryName, subjectId: { imageDigest: digest } };
  const { images } = await dispatch.around('ListImageReferrers', input, async () =>
    repositoryAt(dispatch.registry, placeIn(dispatch.registry, { repositoryName })),
  );
  const wanted = url.searchParams.get('artifactType');
  const manifests = [...images.values()]
    .map((image) => image.read)
    .filter((read) => read.subject === digest && (wanted === null || read.artifactType === wanted))
    .map(referrer);
  if (wanted !== null) response.setHeader('OCI-Filters-Applied', 'artifactType');
  sendJson(response, INDEX_TYPE, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
}

function referrer({ mediaType, digest, size, artifactType, annotations }: Manifest): object {
  return { mediaType, digest, size, artifactType, annotations };
}

/** Read by the operation behind the listing, which refuses more than 1000. */
function pageSize({ url }: Exchange): Fields {
  const n = url.searchParams.get('n');
  return n === null ? {} : { maxResults: Number(n) };
}

function pageOf({ origin, response, url }: Exchange, names: string[]): string[] {
  const last = url.searchParams.get('last') ?? '';
  const rest = names.sort().filter((name) => name > last);
  const page = rest.slice(0, Number(url.searchParams.get('n') ?? PAGE));
  if (page.length < rest.length) {
    const query = new URLSearchParams({ n: String(page.length), last: page.at(-1) ?? '' });
    response.setHeader('Link', `<${origin}${url.pathname}?${query}>; rel="next"`);
  }
  return page;
}
