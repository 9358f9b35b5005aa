const { buildSync, transformSync } = require('esbuild');

const MODULE = { format: 'cjs', target: 'node22' };
// As in lib/bundle-handlers.ts: a CommonJS module has no address.
const PACKAGE = { bundle: true, platform: 'node', define: { 'import.meta.url': '"file:///"' }, write: false };

module.exports = {
  process: (source, path) =>
    path.endsWith('.ts')
      ? transformSync(source, { ...MODULE, loader: 'ts', sourcemap: 'inline', sourcefile: path })
      : { code: buildSync({ ...MODULE, ...PACKAGE, entryPoints: [path] }).outputFiles[0].text },
};
