import { hexOf, type LayerParts } from './image-parts';
import type { BuiltDescriptor, OciLayoutBuilder } from './oci-layout-builder';
import { file, type TarMember } from './tar-writer';

/** An item of the manifest.json that docker 25 and later write beside an OCI layout. */
export interface HybridItem {
  readonly Config: string;
  readonly RepoTags: readonly string[] | null;
  readonly Layers: readonly string[];
  readonly LayerSources?: Readonly<Record<string, BuiltDescriptor>>;
}

/** What manifest.json says of an image of the layout; `layers` where they are not those of the OCI manifest. */
export function hybridItem(
  builder: OciLayoutBuilder,
  image: BuiltDescriptor,
  tags: readonly string[] | null,
  layers?: readonly Pick<LayerParts, 'digest'>[],
): HybridItem {
  const body: { config: BuiltDescriptor; layers: BuiltDescriptor[] } = JSON.parse(builder.bytesOf(image).toString());
  const path = ({ digest }: { digest: string }) => `blobs/sha256/${hexOf(digest)}`;
  return { Config: path(body.config), RepoTags: tags, Layers: (layers ?? body.layers).map(path) };
}

/** The entry manifest.json, as more of a layout's entries. */
export function manifestJson(...items: readonly HybridItem[]): { extra: TarMember[] } {
  return { extra: [file('manifest.json', JSON.stringify(items))] };
}
