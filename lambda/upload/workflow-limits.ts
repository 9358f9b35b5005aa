import { LimitExceeded } from '../contract/errors';
import type { PackedLayers } from './pack-layers';
import { MAX_RESTARTS } from './restart';
import { countsOf, TAKES } from './workflow-counts';

/** Where in its push an image stands. */
export interface PushSoFar {
  /** Events that the execution has had. */
  readonly used: number;
  /** The images that come after this one. */
  readonly later: readonly ListedImage[];
}

interface ListedImage {
  /** Those that are compressed first. */
  readonly plainLayers: readonly unknown[];
}

// Of an upload that is begun again, and of a layer that is compressed again for it.
const EVENTS_OF_RESTART = 28;
const EVENTS_OF_RESTAGE = 5;

// What comes before the images and after them, and the diagnosis.
const EVENTS_OF_PUSH = 40;

// An execution ends at its 25,000th event, whatever it does: this leaves room for retries.
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const MOST_EVENTS = 22_000;

// Beyond these a layer that was lost is not begun again: what is under way ends, and the image is diagnosed.
const LAST_RESTART = 23_500;

// Layers that vanish before PutImage are sent again.
const ROUNDS = 3;

// The receipt's summary of all images must fit one state, 262,144 bytes.
const MOST_IMAGES = 500;

/** Throws LimitExceeded for a tarball whose images take too many events even where ECR has all their layers. */
export function assertPushFits(images: readonly ListedImage[]): void {
  if (images.length > MOST_IMAGES) {
    throw tooMuch(`the tarball holds ${images.length} images`, `at most ${MOST_IMAGES} in one push`);
  }
  const events = EVENTS_OF_PUSH + idleEvents(images);
  if (events <= MOST_EVENTS) return;
  const plainLayers = images.reduce((sum, image) => sum + image.plainLayers.length, 0);
  const found = `${images.length} images with ${plainLayers} layers to compress would take about ${events} events`;
  throw tooMuch(found, EXPECTED);
}

/** Whether a push might have too many events, if every layer of it had to be sent and every upload was lost. */
export function mayRunOut(images: readonly (ListedImage & { readonly layers: number })[]): boolean {
  const ofLayer =
    TAKES.unverified.events + TAKES.alone.events + TAKES.heldAlone.events + MAX_RESTARTS * EVENTS_OF_RESTART;
  const events = images.reduce((sum, { layers, plainLayers }) => {
    return sum + ofLayer * layers + MAX_RESTARTS * EVENTS_OF_RESTAGE * plainLayers.length;
  }, idleEvents(images));
  return EVENTS_OF_PUSH + ROUNDS * events > MOST_EVENTS;
}

/**
 * Throws LimitExceeded for an image that Step Functions would end in the middle of the work, without a word of ours:
 * what it takes itself would not leave enough for the images after it to be looked at.
 */
export function assertImageFits(layers: PackedLayers, { used, later }: PushSoFar): void {
  const events = used + TAKES.image.events + eventsOf(layers) + idleEvents(later);
  if (events <= MOST_EVENTS) return;
  const found = `${layers.alone.length} large layers to send after ${used} events would take about ${events} events`;
  throw tooMuch(found, EXPECTED);
}

/** Events that one image takes: those of its states, of its plain layers, and of what is sent. */
export function eventsOfImage(image: ListedImage, layers: PackedLayers): number {
  return idleEvents([image]) + eventsOf(layers);
}

/** Throws LimitExceeded where an execution has too few events left to begin a lost layer again. */
export function assertRestartFits(used: number): void {
  if (used <= LAST_RESTART) return;
  throw tooMuch(`an upload was lost after ${used} events`, `restarts within ${LAST_RESTART} events`);
}

const EXPECTED = `at most ${MOST_EVENTS} events, of the 25,000 that one execution may have`;

function idleEvents(images: readonly ListedImage[]): number {
  return images.reduce(
    (sum, image) => sum + TAKES.image.events + TAKES.plainLayer.events * image.plainLayers.length,
    0,
  );
}

function eventsOf(packed: PackedLayers): number {
  return countsOf([{ plainLayers: 0, packed }]).events - TAKES.push.events - TAKES.image.events;
}

function tooMuch(found: string, expected: string): LimitExceeded {
  const remedy =
    'Drop the tarball again, for what ECR has is not sent again; or spread the images over several tarballs.';
  return new LimitExceeded({ found, expected, remedy });
}
