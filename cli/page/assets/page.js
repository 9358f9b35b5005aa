/** The page: a tarball is dropped by hand, and its push is shown until it ends. The address names the push. */

const POLL_MS = 600;
const ENDED = new Set(['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT']);

const byId = (id) => document.getElementById(id);
const shown = () => decodeURIComponent(location.hash.slice(1));

let polling;

byId('drop').addEventListener('submit', (event) => {
  event.preventDefault();
  const [file] = byId('file').files;
  if (file) upload(file, keyFor(file.name, byId('destination').value.trim()));
});
byId('file').addEventListener('change', () => {
  const [file] = byId('file').files;
  byId('chosen').textContent = file ? `${file.name}, ${bytes(file.size)}` : 'or choose one';
});
for (const kind of ['dragover', 'dragleave', 'drop']) {
  document.querySelector('.zone')?.addEventListener(kind, (event) => {
    event.preventDefault();
    document.querySelector('.zone')?.classList.toggle('over', kind === 'dragover');
    if (kind !== 'drop') return;
    byId('file').files = event.dataTransfer.files;
    byId('file').dispatchEvent(new Event('change'));
  });
}
addEventListener('hashchange', show);
show();

/** The key that `team-a/app:1.4.2` is dropped under. */
function keyFor(name, destination) {
  if (destination === '') return name;
  const [, repository, tag = 'latest'] = /^(.*?)(?::([^/:]+))?$/.exec(destination) ?? [];
  return `${repository}/${tag}.tar`;
}

// XMLHttpRequest, for fetch tells nothing of what it has sent.
function upload(file, key) {
  const request = new XMLHttpRequest();
  const line = byId('upload');
  const tell = (text, value) => {
    line.hidden = false;
    line.querySelector('span').textContent = text;
    line.querySelector('progress').value = value;
  };
  request.upload.onprogress = ({ loaded, total }) =>
    tell(`${bytes(loaded)} of ${bytes(total)} dropped`, loaded / total);
  request.onerror = () => tell('The upload broke off: is slipway local still running?', 0);
  request.onload = () => {
    if (request.status !== 201) return tell(`The drop was refused: ${request.responseText}`, 0);
    line.hidden = true;
    location.hash = JSON.parse(request.responseText).name;
  };
  request.open('PUT', `api/drops/${encodeURIComponent(key)}`);
  request.send(file);
}

async function show() {
  clearTimeout(polling);
  const name = shown();
  byId('push').hidden = name === '';
  try {
    const [pushes, push] = await Promise.all([ask('api/pushes'), name === '' ? undefined : ask(`api/pushes/${name}`)]);
    history(pushes);
    if (push && name === shown()) detail(push);
    const isOpen = push ? !ENDED.has(push.status) : pushes.some(({ status }) => !ENDED.has(status));
    polling = setTimeout(show, isOpen ? POLL_MS : 5 * POLL_MS);
  } catch {
    polling = setTimeout(show, 5 * POLL_MS);
  }
}

async function ask(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

function history(pushes) {
  byId('none').hidden = pushes.length > 0;
  byId('history').replaceChildren(
    ...pushes.map(({ name, status, started, seconds }) =>
      element('tr', {}, [
        element('td', {}, [element('span', { className: `badge ${status}` }, [status])]),
        element('td', {}, [element('a', { href: `#${name}` }, [name])]),
        element('td', {}, [new Date(started).toLocaleString()]),
        element('td', {}, [`${seconds.toFixed(1)} s`]),
      ]),
    ),
  );
}

function detail({ name, status, subject, seconds, states, layers, receipt, diagnosis }) {
  byId('subject').textContent = subject || 'Waiting for the drop to start a push';
  byId('status').textContent = status;
  byId('status').className = `badge ${status}`;
  byId('time').textContent = `${seconds.toFixed(1)} s`;
  byId('name').textContent = name;
  byId('states').replaceChildren(...states.filter(isShown).map((state) => stateItem(state, diagnosis)));
  byId('layers').replaceChildren(...layers.map(layerItem));
  const outcome = receipt ? pushed(receipt) : diagnosis ? [failed(diagnosis)] : [];
  // Read out once, when it is there, and not at every look.
  const told = `${name} ${outcome.length === 0 ? '' : status}`;
  if (byId('outcome').dataset.told === told) return;
  byId('outcome').dataset.told = told;
  byId('outcome').replaceChildren(...outcome);
}

/** States that only a failure enters are not shown before. */
function isShown({ name, entered }) {
  return entered > 0 || !name.startsWith('Diagnose');
}

function stateItem({ name, does, entered, left }, diagnosis) {
  const isWrong = diagnosis && (diagnosis.step === name || entered > left);
  const className = isWrong ? 'wrong' : entered > left ? 'active' : entered > 0 ? 'done' : '';
  return element('li', { className }, [name, element('small', {}, [does])]);
}

function layerItem({ digest, size, stored, state, restarts }) {
  const again = restarts === 0 ? '' : `, restarts: ${restarts}`;
  const words = {
    there: 'already there',
    waiting: 'waiting',
    checking: 'being checked',
    sending: 'sending',
    sent: 'sent',
  };
  return element('li', { className: state === 'sent' || state === 'there' ? 'done' : '' }, [
    element('span', { className: 'digest' }, [digest.slice(7, 19)]),
    barOf(digest, state, stored, size),
    element('span', {}, [`${bytes(size)}, ${words[state]}${again}`]),
  ]);
}

function barOf(digest, state, stored, size) {
  const bar = element('progress', { max: size }, []);
  bar.setAttribute('aria-label', `layer ${digest.slice(7, 19)}`);
  // Without a value the bar moves: bytes are told when a step has ended.
  if (state !== 'sending' || stored > 0) bar.value = stored;
  return bar;
}

function pushed({ images, bytesSent, bytesSkipped, layersSent, layersSkipped, restarts }) {
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

function failed({ code, step, cause, remedy, evidence }) {
  return definitions('wrong', [
    ['failed', step ? `${code} in ${step}` : code],
    ['cause', cause],
    ...Object.entries(evidence ?? {}),
    ['remedy', remedy],
  ]);
}

function definitions(className, rows) {
  return element(
    'dl',
    { className },
    rows.flatMap(([term, text]) => [element('dt', {}, [term]), element('dd', {}, [text])]),
  );
}

function element(tag, properties, children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function bytes(count) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(count, 1)) / 10));
  return `${unit === 0 ? count : (count / 1024 ** unit).toFixed(1)} ${units[unit]}`;
}
