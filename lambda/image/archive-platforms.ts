import { RequestInvalid } from '../contract/errors';
import type { ArchiveItem } from './archive-items';
import { isPlatform, platformIn, shownPlatform } from './platform';

/** The images of a docker archive that are of these platforms, and notes of the others. RequestInvalid without any. */
export function chooseItems(
  items: readonly ArchiveItem[],
  asked: readonly string[],
): { readonly chosen: readonly ArchiveItem[]; readonly notes: readonly string[] } {
  const platformOf = ({ config }: ArchiveItem) => config && platformIn(config.root);
  const isAsked = (item: ArchiveItem) => {
    const platform = platformOf(item);
    // An image whose config is absent, or says nothing, is judged by what comes after.
    return !platform || asked.some((one) => isPlatform(platform, one));
  };
  const chosen = items.filter(isAsked);
  const platforms = items.map((item) => platformOf(item)).filter((platform) => platform !== undefined);
  const lacking = asked.filter((one) => !platforms.some((platform) => isPlatform(platform, one)));
  if (chosen.length === 0 || (platforms.length === items.length && lacking.length > 0)) {
    throw new RequestInvalid({
      found: `manifest.json lists no image of platform ${lacking.join(', ')}`,
      expected: `"platforms" of those it has: ${[...new Set(platforms.map(shownPlatform))].join(', ')}`,
      remedy: 'Correct "platforms" in the request.',
    });
  }
  const others = items.filter((item) => !chosen.includes(item));
  return {
    chosen,
    notes: others.map((item) => {
      const { names, configName } = item;
      const platform = platformOf(item);
      return `Left out ${names[0]?.text ?? configName}: it is of ${platform ? shownPlatform(platform) : 'no platform'}.`;
    }),
  };
}
