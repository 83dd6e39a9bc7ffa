import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { slimSdk } from './sdk/slim-sdk.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Entry points of the deployed functions. */
export const ENTRIES = [
  'handlers/produce.ts',
  'handlers/fulfil.ts',
  'handlers/login.ts',
  'handlers/meter.ts',
  'handlers/reconcile.ts',
];

/**
 * Bundles functions to `<outdir>/<name>.cjs`. CommonJS, because an ES module's import of `node:http` loads undici,
 * which costs a cold start 20 ms. A file is put in place whole, and only if it changed, so that a local run and a
 * package run at the same time do not disturb each other.
 * @returns {Promise<import('esbuild').Metafile>}
 */
export async function bundle({ entries = ENTRIES, outdir = join(root, 'dist') } = {}) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries.filter((entry) => existsSync(join(root, entry))),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    metafile: true,
    write: false,
    plugins: [slimSdk],
  });
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) replace(path, contents);
  return metafile;
}

function replace(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  const next = `${path}.${process.pid}`;
  writeFileSync(next, contents);
  renameSync(next, path);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const metafile = await bundle();
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
    console.log(`${file}  ${Math.round(bytes / 1024)} KB`);
  }
  if (process.argv.includes('--meta')) writeFileSync(join(root, 'dist/meta.json'), JSON.stringify(metafile));
}
