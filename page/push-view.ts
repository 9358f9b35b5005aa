import { bytes, shortDigest } from '../lambda/contract/figures';
import type { ImageProgress, LayerProgress, PlainLayerProgress, Push, PushSummary } from '../lambda/contract/push-api';
import { STEPS } from '../lambda/contract/step-descriptions';
import type { Diagnosis } from '../lambda/contract/steps';
import { byId, definitions, element, took } from './elements';

/** Shows the list of pushes. */
export function showHistory(pushes: readonly PushSummary[]): void {
  byId('none').hidden = pushes.length > 0;
  byId('history').replaceChildren(
    ...pushes.map(({ id, status, ...times }) =>
      element('tr', {}, [
        element('td', {}, [element('span', { className: `badge ${status}` }, [status])]),
        element('td', {}, [element('a', { href: `#${id}` }, [id])]),
        element('td', {}, [new Date(times.startedAt).toLocaleString()]),
        element('td', {}, [took(times)]),
      ]),
    ),
  );
}

/** Shows one push; undefined before its drop has started it. */
export function showPush(id: string, push: Push | undefined): void {
  const status = push?.status ?? 'PENDING';
  byId('subject').textContent = push?.subject ?? 'Waiting for the drop to start a push';
  byId('status').textContent = status;
  byId('status').className = `badge ${status}`;
  byId('time').textContent = push ? took(push) : '';
  byId('name').textContent = id;
  byId('states').replaceChildren(...statesOf(push));
  byId('images').replaceChildren(...(push?.images ?? []).flatMap(imageItems));
  const outcome = push ? outcomeOf(push) : [];
  // Read out once, when it is there, and not at every look.
  const told = `${id} ${outcome.length === 0 ? '' : status}`;
  if (byId('outcome').dataset.told === told) return;
  byId('outcome').dataset.told = told;
  byId('outcome').replaceChildren(...outcome);
}

/** The steps, one after another as the workflow has them: those before the one under way, or failed, are done. */
function statesOf(push: Push | undefined): HTMLElement[] {
  const failed = push?.diagnosis?.step;
  // Those that only a failure enters come last, and are not shown before.
  const names = Object.keys(STEPS).filter((name) => !name.startsWith('Diagnose') || name === push?.step);
  const at = names.indexOf(failed ?? push?.step ?? '');
  const reached = push?.status === 'SUCCEEDED' ? names.length : at;
  return names.map((name, index) => {
    const here = failed === undefined ? (push?.step === undefined ? '' : 'active') : 'wrong';
    const className = index < reached ? 'done' : index === at ? here : '';
    return element('li', { className }, [name, element('small', {}, [STEPS[name] ?? ''])]);
  });
}

function imageItems({
  name,
  repository,
  tags,
  layers,
  plainLayers = [],
  state,
  diagnosis,
}: ImageProgress): HTMLElement[] {
  const heading = `${repository || name}${tags.map((tag) => `:${tag}`).join(', ')}, ${state}`;
  const why = diagnosis ? [told(diagnosis)] : [];
  const items = layers ? layers.map(layerItem) : plainLayers.map(plainItem);
  return [element('h4', {}, [heading]), ...why, element('ul', {}, items)];
}

const WORDS = { skipped: 'already there', waiting: 'waiting', sending: 'sending', done: 'sent' } as const;

function layerItem({ digest, size, sent, state, restarts = 0 }: LayerProgress): HTMLElement {
  const again = restarts === 0 ? '' : `, restarts: ${restarts}`;
  const isThere = state === 'done' || state === 'skipped';
  const bar = element('progress', { max: size, ariaLabel: `layer ${shortDigest(digest)}` }, []);
  // Without a value the bar moves: it is under way, and nothing is told yet.
  if (state !== 'sending' || sent > 0) bar.value = isThere ? size : sent;
  const partly = state === 'sending' && sent > 0 ? `${bytes(sent)} of ` : '';
  return element('li', { className: isThere ? 'done' : '' }, [
    element('span', { className: 'digest' }, [shortDigest(digest)]),
    bar,
    element('span', {}, [`${partly}${bytes(size)}, ${WORDS[state]}${again}`]),
  ]);
}

function plainItem({ diffId, size, compressed }: PlainLayerProgress): HTMLElement {
  const isDone = compressed === size;
  const bar = element('progress', { max: size, value: compressed, ariaLabel: `layer ${shortDigest(diffId)}` }, []);
  const partly = isDone ? '' : `${bytes(compressed)} of `;
  return element('li', { className: isDone ? 'done' : '' }, [
    element('span', { className: 'digest' }, [shortDigest(diffId)]),
    bar,
    element('span', {}, [`${partly}${bytes(size)} compressed`]),
  ]);
}

function outcomeOf({ status, stoppedAt, result, diagnosis }: Push): HTMLElement[] {
  if (diagnosis) return [told(diagnosis)];
  if (!result) return stoppedAt === undefined ? [] : [definitions('wrong', [['ended', status], AGAIN])];
  const { images, bytesSent, bytesSkipped, layersSent, layersSkipped, restarts } = result;
  return images.map(({ repository, tags, digest, registryId }) =>
    definitions('done', [
      ['image', `${repository}${tags.map((tag) => `:${tag}`).join(', ')}`],
      ['digest', digest],
      ['registry', registryId],
      ['sent', `${bytes(bytesSent)} in ${layersSent} layers, restarts: ${restarts}`],
      ['skipped', `${bytes(bytesSkipped)} in ${layersSkipped} layers that ECR had`],
    ]),
  );
}

const AGAIN = ['remedy', 'Drop the tarball again: what ECR has is not sent again.'] as const;

function told({ code, step, cause, evidence, remedy }: Diagnosis): HTMLElement {
  return definitions('wrong', [
    ['failed', step ? `${code} in ${step}` : code],
    ['cause', cause],
    ...Object.entries(evidence),
    ['remedy', remedy],
  ]);
}
