import { bytes } from '../lambda/contract/figures';
import type { PageConfig } from '../lambda/contract/page-config';
import type { Push, PushList } from '../lambda/contract/push-api';
import { Api, Refused } from './api';
import { credentialsIn } from './credentials';
import { drop } from './drop';
import { byId } from './elements';
import { showHistory, showPush } from './push-view';

// A tarball is dropped by hand, and its push is shown until it ends. The address names the push.
const POLL_MS = 1000;
const QUIET_MS = 5000;
const LISTED = 25;

const config = JSON.parse(byId('config').textContent || '{}') as PageConfig;
// `#/` names none.
const shown = () => decodeURIComponent(location.hash.slice(1)).replace('/', '');

let api: Api | undefined;
let polling: ReturnType<typeof setTimeout> | undefined;

byId('credentials').addEventListener('submit', (event) => {
  event.preventDefault();
  const pasted = byId<HTMLTextAreaElement>('pasted');
  const credentials = credentialsIn(pasted.value);
  if (!credentials) {
    ask('There are no credentials in it: an access key id and a secret access key.');
    return;
  }
  // What is on the screen may be seen by others.
  pasted.value = '';
  begin(new Api(config, credentials));
});
byId('forget').addEventListener('click', () => ask());
byId('drop').addEventListener('submit', (event) => {
  event.preventDefault();
  const file = byId<HTMLInputElement>('file').files?.[0];
  if (api && file) send(api, file, byId<HTMLInputElement>('destination').value.trim());
});
byId('file').addEventListener('change', () => {
  const file = byId<HTMLInputElement>('file').files?.[0];
  byId('chosen').textContent = file ? `${file.name}, ${bytes(file.size)}` : 'or choose one';
});
for (const kind of ['dragover', 'dragleave', 'drop'] as const) {
  const zone = document.querySelector<HTMLElement>('.zone');
  zone?.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.classList.toggle('over', kind === 'dragover');
    if (kind !== 'drop' || !event.dataTransfer) return;
    byId<HTMLInputElement>('file').files = event.dataTransfer.files;
    byId('file').dispatchEvent(new Event('change'));
  });
}
addEventListener('hashchange', () => show());
if (config.credentials) begin(new Api(config, config.credentials));
else ask();

/** Asks for credentials; what was known of the last ones is forgotten. */
function ask(refusal = ''): void {
  api = undefined;
  clearTimeout(polling);
  byId('refusal').textContent = refusal;
  byId('credentials').hidden = false;
  byId('work').hidden = byId('forget').hidden = true;
  byId('pasted').focus();
}

function begin(made: Api): void {
  api = made;
  show();
}

async function show(): Promise<void> {
  clearTimeout(polling);
  const [asked, id] = [api, shown()];
  if (!asked) return;
  try {
    const [list, push] = await Promise.all([
      unlessDenied(asked.get<PushList>(`pushes?limit=${LISTED}`)),
      id === '' ? undefined : unlessDenied(pushOf(asked, id)),
    ]);
    if (asked !== api || id !== shown()) return;
    open(id !== '');
    const denied = [list, push].find((answer) => answer instanceof Refused);
    byId('trouble').hidden = denied === undefined;
    byId('trouble').textContent = denied ? words(denied) : '';
    const pushes = list instanceof Refused ? [] : list.pushes;
    byId('pushes').hidden = list instanceof Refused;
    showHistory(pushes);
    if (push instanceof Refused) byId('push').hidden = true;
    else if (id !== '') showPush(id, push);
    const isOpen = id === '' ? pushes.some(({ status }) => status === 'RUNNING') : !push || !('stoppedAt' in push);
    polling = setTimeout(show, isOpen && denied === undefined ? POLL_MS : QUIET_MS);
  } catch (error) {
    if (asked === api) trouble(error);
  }
}

/** Lets the API be used by somebody whom it knows. */
function open(hasPush: boolean): void {
  byId('credentials').hidden = true;
  byId('work').hidden = false;
  // Those that the page came with are there again when it is loaded.
  byId('forget').hidden = config.credentials !== undefined;
  byId('push').hidden = !hasPush;
}

/** Who may not list or follow pushes may still drop tarballs. */
function unlessDenied<T>(answer: Promise<T>): Promise<T | Refused> {
  return answer.catch((error) => {
    if (error instanceof Refused && error.problem.code === 'PermissionDenied') return error;
    throw error;
  });
}

/** Undefined before the drop has started it. */
async function pushOf(asked: Api, id: string): Promise<Push | undefined> {
  return asked.get<Push>(`pushes/${encodeURIComponent(id)}`).catch((error) => {
    if (error instanceof Refused && error.problem.code === 'PushNotFound') return undefined;
    throw error;
  });
}

/** Credentials that are refused are asked for again; anything else may pass. */
function trouble(error: unknown): void {
  const said = words(error);
  const isOfCredentials = error instanceof Refused && error.problem.code === 'CredentialsInvalid';
  if (isOfCredentials && !config.credentials) {
    ask(said);
    return;
  }
  byId('work').hidden = false;
  byId('trouble').hidden = false;
  byId('trouble').textContent = said;
  polling = setTimeout(show, QUIET_MS);
}

async function send(by: Api, file: File, destination: string): Promise<void> {
  const line = byId('upload');
  const tell = (text: string, value: number) => {
    line.hidden = false;
    (line.querySelector('span') as HTMLElement).textContent = text;
    (line.querySelector('progress') as HTMLProgressElement).value = value;
  };
  try {
    tell('Asking for an upload', 0);
    const id = await drop(by, file, destination, (sent, total) =>
      tell(`${bytes(sent)} of ${bytes(total)} dropped`, sent / total),
    );
    tell(id === undefined ? 'Dropped; its push appears below.' : 'Dropped.', 1);
    location.hash = id ?? '';
  } catch (error) {
    tell(words(error), 0);
  }
}

function words(error: unknown): string {
  if (error instanceof Refused) return `${error.message}. ${error.problem.remedy}`;
  if (error instanceof TypeError) return 'The API does not answer: look at the connection.';
  return (error as Error).message;
}
