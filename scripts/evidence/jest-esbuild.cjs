const { createHash } = require('node:crypto');
const esbuild = require('esbuild');

/** Jest's transformer: TypeScript to ESM with esbuild, types stripped (tsc checks them). */
module.exports = {
  getCacheKey: (source, file) => createHash('sha256').update(esbuild.version).update(source).update(file).digest('hex'),
  process: (source, file) => ({
    code: esbuild.transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node22',
      sourcemap: 'inline',
      sourcefile: file,
    }).code,
  }),
};
