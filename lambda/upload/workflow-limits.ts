import { LimitExceeded } from '../contract/errors';
import type { PackedLayers } from './pack-layers';

/** How much of one image the workflow has to carry. */
export interface ImageLoad extends PackedLayers {
  /** Layers that are compressed first. */
  readonly plainLayers: number;
}

// As the history counts them: one image that has nothing to do, and one round of each of its maps.
const EVENTS = { image: 28, plainLayer: 7, unverified: 7, pack: 9, alone: 25 };

// What comes before the images and after them, and the diagnosis.
const EVENTS_OF_PUSH = 40;

// An execution ends at its 25,000th event, whatever it does: this leaves room for retries and restarts.
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const MOST_EVENTS = 22_000;

// The receipt's summary of all images must fit one state, 262,144 bytes.
const MOST_IMAGES = 500;

/** Throws LimitExceeded for a tarball whose images take too many events even where ECR has all their layers. */
export function assertPushFits(images: readonly { readonly plainLayers: readonly unknown[] }[]): void {
  if (images.length > MOST_IMAGES) {
    throw tooMuch(`the tarball holds ${images.length} images`, `at most ${MOST_IMAGES} in one push`);
  }
  const plainLayers = images.reduce((sum, image) => sum + image.plainLayers.length, 0);
  const events = EVENTS_OF_PUSH + EVENTS.image * images.length + EVENTS.plainLayer * plainLayers;
  if (events <= MOST_EVENTS) return;
  const found = `${images.length} images with ${plainLayers} layers to compress would take about ${events} events`;
  throw tooMuch(found, `at most ${MOST_EVENTS} events, of the 25,000 that one execution may have`);
}

/** Throws LimitExceeded for an image that Step Functions would end in the middle of the work, without a word of ours. */
export function assertImageFits(load: ImageLoad): void {
  const events = EVENTS_OF_PUSH + eventsOf(load);
  if (events <= MOST_EVENTS) return;
  const found = `${load.plainLayers} layers to compress and ${load.alone.length} large ones to send would take about ${events} events`;
  throw tooMuch(found, `at most ${MOST_EVENTS} events, of the 25,000 that one execution may have`);
}

function eventsOf({ plainLayers, unverified, packs, alone }: ImageLoad): number {
  const maps = EVENTS.unverified * unverified.length + EVENTS.pack * packs.length + EVENTS.alone * alone.length;
  return EVENTS.image + EVENTS.plainLayer * plainLayers + maps;
}

function tooMuch(found: string, expected: string): LimitExceeded {
  return new LimitExceeded({ found, expected, remedy: 'Spread the images over several tarballs.' });
}
