import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slipway } from '../cli/command-line';
import { ociLayout } from '../support/oci-layout-builder';

// Children that load the whole program, on a machine that may be busy.
jest.setTimeout(180_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-demo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('demo pushes an image made in memory, and verifies what it pulls back', async () => {
  const { code, stdout } = await slipway(['demo'], { cwd: folder });
  expect(stdout).toMatch(/^pushed {3}slipway\/demo:1\.0\.0$/m);
  expect(stdout).toMatch(
    /^pulled {3}slipway\/demo back, 24\.0 MiB \(manifests: 1, blobs: 4\): every digest is right$/m,
  );
  expect(stdout).toMatch(/^UploadSmallLayers +1 +[\d.]+ s +[\d.]+ MiB +512 MiB$/m);
  expect(code).toBe(0);
});

test('demo TARBALL does the same with a file, also where its image has no name', async () => {
  const layout = ociLayout({ layers: 2, seed: 4 });
  writeFileSync(join(folder, 'mine.tar'), layout.tarball.toBuffer());
  const { code, stdout } = await slipway(['demo', 'mine.tar'], { cwd: folder });
  expect(stdout).toContain(`pushed   demo/image:latest\ndigest   ${layout.digest}\n`);
  expect(stdout).toMatch(/manifests: 1, blobs: 3\): every digest is right/);
  expect(code).toBe(0);
});

test('demo of a file that is not there ends with 2 before anything is started', async () => {
  const { code, stdout, stderr } = await slipway(['demo', 'none.tar'], { cwd: folder });
  expect(stderr).toContain('none.tar cannot be read');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});
