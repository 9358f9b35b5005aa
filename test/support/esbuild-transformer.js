const { buildSync, transformSync } = require('esbuild');

const MODULE = { format: 'cjs', target: 'node22' };

module.exports = {
  process: (source, path) =>
    path.endsWith('.wasm')
      ? {
          code: buildSync({
            ...MODULE,
            entryPoints: [path],
            loader: { '.wasm': 'binary' },
            platform: 'node',
            write: false,
          }).outputFiles[0].text,
        }
      : transformSync(source, { ...MODULE, loader: 'ts', sourcemap: 'inline', sourcefile: path }),
};
