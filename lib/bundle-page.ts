import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Writes the page as one document, its style and its script in it, so that its Content-Security-Policy can name both by
 * their digests.
 * @param root folder of the repository
 * @returns every file that is in the script, from `root` on
 */
export function bundlePage(outfile: string, root: string): string[] {
  const folder = join(root, 'page');
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    platform: 'browser',
    target: 'es2023',
    format: 'iife',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    absWorkingDir: root,
    write: false,
    metafile: true,
  });
  // Neither may end its own element.
  const script = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
  const style = readFileSync(join(folder, 'page.css'), 'utf8');
  const html = readFileSync(join(folder, 'page.html'), 'utf8')
    .replace('<link rel="stylesheet" href="page.css">', () => `<style>${style}</style>`)
    .replace('<script src="main.ts"></script>', () => `<script>${script}</script>`);
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, html);
  return Object.keys(metafile.inputs);
}
