import { LimitExceeded } from '../contract/errors';

/** How much of one push the workflow has to carry. */
export interface WorkflowLoad {
  readonly images: number;
  /** Layers that are compressed first. */
  readonly plainLayers: number;
  /** Layers that are compared with their digest first. */
  readonly unverified?: number;
  /** Layers that are sent. */
  readonly missing?: number;
}

// Events of one round of the StageLayers, VerifyLayers and UploadLayers maps, as the history counts them.
const EVENTS = { staged: 7, verified: 7, sent: 23 };

// An execution ends at its 25,000th event, whatever it does: this leaves room for retries and restarts.
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const MOST_EVENTS = 22_000;

// The receipt's summary of all images must fit one state, 262,144 bytes.
const MOST_IMAGES = 500;

/** Throws LimitExceeded for what Step Functions would end in the middle of the work, without a word of ours. */
export function assertWorkflowFits({ images, plainLayers, unverified = 0, missing = 0 }: WorkflowLoad): void {
  if (images > MOST_IMAGES) throw tooMuch(`the tarball holds ${images} images`, `at most ${MOST_IMAGES} in one push`);
  const events = EVENTS.staged * plainLayers + EVENTS.verified * unverified + EVENTS.sent * missing;
  if (events <= MOST_EVENTS) return;
  const found = `${plainLayers} layers to compress and ${missing} to send would take about ${events} events`;
  throw tooMuch(found, `at most ${MOST_EVENTS} events, of the 25,000 that one execution may have`);
}

function tooMuch(found: string, expected: string): LimitExceeded {
  return new LimitExceeded({ found, expected, remedy: 'Spread the images over several tarballs.' });
}
