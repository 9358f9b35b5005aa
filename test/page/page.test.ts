import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { RunningLocal } from '../cli/command-line';
import { dockerArchive } from '../support/docker-archive-builder';
import { layerOf } from '../support/image-parts';
import { imageTarball } from '../support/image-tarball';
import { CHROMIUM, CONTRASTS, watch } from './browser';

jest.setTimeout(180_000);

const TIMEOUT = 60_000;
/** Where pictures go, when they are asked for: `SLIPWAY_PICTURES=docs/pictures npm run test:page`. */
const PICTURES = process.env.SLIPWAY_PICTURES;

let local: RunningLocal;
let browser: Browser;
let folder: string;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-page-'));
  writeFileSync(at('image.tar'), imageTarball({ layers: 4, size: 12_000_000, seed: 3 }).toBuffer());
  writeFileSync(at('again.tar'), imageTarball({ layers: 2, seed: 4 }).toBuffer());
  const whole = imageTarball({ layers: 2, seed: 5 }).toBuffer();
  writeFileSync(at('half.tar'), whole.subarray(0, whole.length / 2));
  const plain = [1, 2].map((seed) => layerOf({ seed, size: 300_000 }));
  writeFileSync(at('plain.tar'), dockerArchive({ layers: plain }).tarball.toBuffer());
  local = await RunningLocal.start();
  browser = await chromium.launch({ ...CHROMIUM });
  page = await (await browser.newContext({ viewport: { width: 1100, height: 900 } })).newPage();
  page.setDefaultTimeout(TIMEOUT);
  watch(page, complaints);
});
afterAll(async () => {
  await browser?.close();
  await local.end();
  rmSync(folder, { recursive: true, force: true });
});

test('a browser that asks for the port gets the page, with nothing pushed yet', async () => {
  await page.goto(local.places.endpoint);
  expect(page.url()).toBe(`${local.places.endpoint}/_slipway/`);
  await page.getByText('Nothing was pushed yet.').waitFor();
  await picture('before');
});

test('a tarball that is chosen by hand is pushed: each state and layer is shown, then the digest', async () => {
  await faults('POST', [
    { service: 'ecr', operation: 'UploadLayerPart', from: 2, times: 1, fault: { kind: 'forget-upload' } },
  ]);
  await page.getByLabel('Drop a tarball here').setInputFiles(at('image.tar'));
  await page.getByLabel('Repository and tag').fill('team-a/app:1.4.2');
  await page.getByRole('button', { name: 'Push' }).click();
  const layers = page.locator('#images li');
  await layers
    .filter({ hasText: /sending|sent/ })
    .first()
    .waitFor();
  await picture('during');
  expect(await layers.filter({ hasText: 'already there' }).count()).toBe(0);
  await status('SUCCEEDED');
  await faults('DELETE');
  await page.locator('#outcome dl.done', { hasText: 'team-a/app:1.4.2' }).waitFor();
  expect(await page.locator('#outcome').innerText()).toMatch(/sha256:[a-f0-9]{64}/);
  expect(await layers.count()).toBe(5);
  expect(await layers.filter({ hasText: 'sent' }).count()).toBe(5);
  expect(await page.locator('#states li.done').allInnerTexts()).toContainEqual(expect.stringMatching(/^PutImage/));
  await picture('after');
});

test('a broken tarball is shown with its code, cause and remedy', async () => {
  await page.getByLabel('Drop a tarball here').setInputFiles(at('half.tar'));
  await page.getByLabel('Repository and tag').fill('team-a/half');
  await page.getByRole('button', { name: 'Push' }).click();
  await page.locator('#outcome dl.wrong', { hasText: 'TarTruncated' }).waitFor();
  await status('FAILED');
  const text = await page.locator('#outcome').innerText();
  expect(text).toMatch(/cause\s+\S[\s\S]*remedy\s+The upload of the tarball is incomplete/);
  expect(await page.locator('#states li.wrong').allInnerTexts()).toEqual([expect.stringMatching(/^InspectTarball/)]);
  await picture('failed');
});

test('it is used by keyboard alone, and history leads back to each push', async () => {
  await page.goto(`${local.places.endpoint}/_slipway/`);
  await page.getByLabel('Drop a tarball here').setInputFiles(at('again.tar'));
  await page.getByLabel('Drop a tarball here').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.type('team-a/keys:2');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Push');
  await page.keyboard.press('Enter');
  await status('SUCCEEDED');
  await page.getByRole('link', { name: /half/ }).press('Enter');
  await page.locator('#outcome dl.wrong', { hasText: 'TarTruncated' }).waitFor();
  expect(await page.locator('#history tr').count()).toBe(3);
});

test('plain layers are shown while they are compressed, and then what came of them', async () => {
  await faults('POST', [{ service: 'lambda', operation: 'StageLayer', times: 2, fault: { kind: 'throttle' } }]);
  await page.getByLabel('Drop a tarball here').setInputFiles(at('plain.tar'));
  await page.getByLabel('Repository and tag').fill('team-a/plain:1');
  await page.getByRole('button', { name: 'Push' }).click();
  const layers = page.locator('#images li');
  await layers
    .filter({ hasText: /0 B of .* compressed/ })
    .first()
    .waitFor();
  expect(await layers.count()).toBe(2);
  await status('SUCCEEDED');
  expect(await layers.filter({ hasText: 'sent' }).count()).toBe(3);
});

test.each(['light', 'dark'] as const)('text stands out from what is behind it in the %s theme', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  const ratios = await page.evaluate<{ text: string; ratio: number }[]>(CONTRASTS);
  expect(ratios.length).toBeGreaterThan(20);
  expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
});

test('nothing is served to a name that is not this machine, and the page complained of nothing', async () => {
  const { port } = new URL(local.places.endpoint);
  const code = await new Promise((done) => {
    const headers = { host: `example.com:${port}` };
    request({ port, host: '127.0.0.1', path: '/_slipway/', headers }, ({ statusCode }) => done(statusCode)).end();
  });
  expect(code).toBe(403);
  expect(complaints).toEqual([]);
});

async function status(text: string): Promise<void> {
  await page.locator('#status', { hasText: text }).waitFor();
}

async function picture(name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: resolve(PICTURES, `page-${name}-${colorScheme}.png`) });
  }
}

function faults(method: string, body?: unknown): Promise<Response> {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${local.places.endpoint}/_slipway/faults`, { method, ...text });
}

function at(name: string): string {
  return join(folder, name);
}
