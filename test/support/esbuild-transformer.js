const { transformSync } = require('esbuild');

module.exports = {
  process: (source, path) =>
    transformSync(source, { loader: 'ts', format: 'cjs', target: 'node22', sourcemap: 'inline', sourcefile: path }),
};
