import type { ForeignLayer } from '../contract/push-plan';
import type { JsonNode } from './json-node';
import { isForeignLayer } from './media-type';

/**
 * The layers that `LayerSources` of manifest.json, by diffId, says are served from URLs.
 * https://github.com/moby/moby/blob/master/daemon/internal/image/tarexport/tarexport.go
 */
export function foreignLayersIn(sources: JsonNode): ReadonlyMap<string, ForeignLayer> {
  if (sources.isAbsent) return new Map();
  // docker 25 and later describe layers of their own here, too.
  return new Map(sources.fieldNames().flatMap((diffId) => foreignLayer(diffId, sources.field(diffId))));
}

/** What to tell of a layer that is not sent. */
export function foreignNote(digest: string): string {
  return `The foreign layer ${digest} stays where its URLs point: it is not sent.`;
}

function foreignLayer(diffId: string, source: JsonNode): [string, ForeignLayer][] {
  const mediaType = source.field('mediaType').textOrNone() ?? '';
  const urls = source.field('urls').itemsOrNone();
  if (!isForeignLayer(mediaType) || urls.length === 0) return [];
  const [digest, size] = [source.field('digest').digest(), source.field('size').size()];
  return [[diffId, { digest, mediaType, size, urls: urls.map((url) => url.text()) }]];
}
