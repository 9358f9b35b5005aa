import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page, type Request } from 'playwright-core';
import { RunningLocal } from '../cli/command-line';
import { imageTarball } from '../support/image-tarball';
import { CHROMIUM, CONTRASTS, watch } from './browser';

jest.setTimeout(180_000);

let local: RunningLocal;
let browser: Browser;
let folder: string;
let page: Page;
let url: string;
const complaints: string[] = [];
const sent: Request[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-page-'));
  writeFileSync(at('image.tar'), imageTarball({ layers: 2, seed: 6 }).toBuffer());
  const whole = imageTarball({ layers: 2, seed: 7 }).toBuffer();
  writeFileSync(at('half.tar'), whole.subarray(0, whole.length / 2));
  local = await RunningLocal.start();
  url = `${local.places.apiUrl}page`;
  browser = await chromium.launch(CHROMIUM);
  page = await (await browser.newContext({ viewport: { width: 1100, height: 900 } })).newPage();
  page.setDefaultTimeout(60_000);
  watch(page, complaints);
  page.on('request', (request) => sent.push(request));
});
afterAll(async () => {
  await browser?.close();
  await local.end();
  rmSync(folder, { recursive: true, force: true });
});

test('anybody gets the page, which runs its own script alone and holds nothing of the deployment', async () => {
  const response = await page.goto(url);
  expect(response?.status()).toBe(200);
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/]+='; style-src 'sha256-[\w+/]+=';/);
  expect(policy).not.toMatch(/unsafe|\*/);
  const html = (await response?.text()) ?? '';
  for (const name of [local.places.dropBucket, local.places.stateMachineArn]) expect(html).not.toContain(name);
  await page.getByLabel('Credentials', { exact: true }).waitFor();
  expect(await page.locator('#work').isVisible()).toBe(false);
});

test.each(['light', 'dark'] as const)('what it asks stands out in the %s theme', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  const ratios = await page.evaluate<{ text: string; ratio: number }[]>(CONTRASTS);
  expect(ratios.length).toBeGreaterThan(4);
  expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
});

test.each([
  ['no credentials', 'team-a/app:1.4.2', 'There are no credentials in it'],
  [
    'a key that nobody has',
    credentials({ AccessKeyId: 'nobody' }),
    'The security token included in the request is inv',
  ],
  ['another secret', credentials({ SecretAccessKey: 'wrong' }), 'does not match the signature you provided'],
])('%s: it says what is wrong and asks again', async (_, pasted, said) => {
  await paste(pasted);
  await page.getByRole('alert').filter({ hasText: said }).waitFor();
  await page.getByLabel('Credentials', { exact: true }).waitFor();
  expect(await page.locator('#work').isVisible()).toBe(false);
});

test('refused by the API, it says the remedy, too', async () => {
  await paste(credentials({ SecretAccessKey: 'wrong' }));
  const alert = page.getByRole('alert').filter({ hasText: 'CredentialsInvalid' });
  expect(await alert.innerText()).toContain('Sign the request with current credentials');
});

test('with credentials a tarball goes by keyboard alone from the browser to the registry', async () => {
  await page.getByLabel('Credentials', { exact: true }).focus();
  await page.keyboard.insertText(credentials({ SessionToken: 'token/+=' }));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing was pushed yet.').waitFor();
  await page.getByLabel('Drop a tarball here').setInputFiles(at('image.tar'));
  await page.getByLabel('Repository and tag').focus();
  await page.keyboard.type('team-a/app:1.4.2');
  await page.keyboard.press('Enter');
  await page.locator('#status', { hasText: 'SUCCEEDED' }).waitFor();
  await page.locator('#outcome dl.done', { hasText: 'team-a/app:1.4.2' }).waitFor();
  expect(await page.locator('#images li.done').count()).toBe(3);
});

test('a failure is shown with its remedy', async () => {
  await page.getByLabel('Drop a tarball here').setInputFiles(at('half.tar'));
  await page.getByLabel('Repository and tag').fill('team-a/half');
  await page.getByRole('button', { name: 'Push' }).click();
  await page.locator('#outcome dl.wrong', { hasText: 'TarTruncated' }).waitFor();
  expect(await page.locator('#outcome').innerText()).toMatch(/remedy\s+The upload of the tarball is incomplete/);
  expect(await page.locator('#history tr').count()).toBe(2);
});

test('the upload goes without a header that S3 would have to be asked for', async () => {
  const upload = sent.find((request) => request.method() === 'PUT');
  const names = Object.keys((await upload?.allHeaders()) ?? {});
  expect(names).toContain('content-length');
  // https://fetch.spec.whatwg.org/#cors-safelisted-request-header, and what a browser adds by itself.
  const own =
    /^(accept(-encoding|-language)?|cache-control|connection|content-length|host|origin|pragma|priority|referer|sec-.*|user-agent)$/;
  expect(names.filter((name) => !own.test(name) && !name.startsWith(':'))).toEqual([]);
});

test.each([
  ['follows what they drop', /\/v1\/pushes\?/, 'SUCCEEDED'],
  ['says that it is dropped', /\/v1\/pushes[?/]/, undefined],
])('for somebody who may drop and not list pushes it says what to allow, and %s', async (_, denied, status) => {
  const theirs = await (await browser.newContext()).newPage();
  // As API Gateway answers; the local one knows who signed, and judges by no policy.
  const body = { code: 'PermissionDenied', message: 'not authorized', remedy: 'Allow execute-api:Invoke on this' };
  await theirs.route(denied, (route) => route.fulfill({ status: 403, json: body }));
  await theirs.goto(url);
  await theirs.getByLabel('Credentials', { exact: true }).fill(credentials());
  await theirs.getByRole('button', { name: 'Use them' }).click();
  await theirs.getByRole('alert').filter({ hasText: 'Allow execute-api:Invoke' }).waitFor();
  expect(await theirs.locator('#history').isVisible()).toBe(false);
  await theirs.getByLabel('Drop a tarball here').setInputFiles(at('image.tar'));
  await theirs.getByLabel('Repository and tag').fill('team-b/app:1');
  await theirs.getByRole('button', { name: 'Push' }).click();
  await theirs.getByText('Dropped.').waitFor();
  if (status) await theirs.locator('#status', { hasText: status }).waitFor();
  expect(await theirs.locator('#push').isVisible()).toBe(status !== undefined);
  await theirs.context().close();
});

test('the credentials are in no field and no storage, and are gone when they are forgotten or the page is left', async () => {
  expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([0, 0, '']);
  expect(await page.getByLabel('Credentials', { exact: true }).inputValue()).toBe('');
  await page.getByRole('button', { name: 'Forget credentials' }).click();
  expect(await page.locator('#work').isVisible()).toBe(false);
  await page.goto(`${url}/`);
  await paste(credentials());
  await page.locator('#history tr').first().waitFor();
  await page.reload();
  await page.getByLabel('Credentials', { exact: true }).waitFor();
  expect(await page.locator('#work').isVisible()).toBe(false);
});

test('nothing was asked of another host, and the page complained of nothing', () => {
  const asked = sent.map((request) => request.url()).filter((one) => !one.startsWith('data:'));
  const hosts = new Set(asked.map((one) => new URL(one).host));
  expect([...hosts]).toEqual([new URL(local.places.endpoint).host]);
  expect(complaints).toEqual([]);
});

async function paste(text: string): Promise<void> {
  await page.getByLabel('Credentials', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Use them' }).click();
}

/** As `aws configure export-credentials` prints them. */
function credentials(fields: object = {}): string {
  return JSON.stringify({ Version: 1, AccessKeyId: 'local', SecretAccessKey: 'local', ...fields });
}

function at(name: string): string {
  return join(folder, name);
}
