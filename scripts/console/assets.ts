import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Files of the page, by path. */
export type Assets = ReadonlyMap<string, { readonly type: string; readonly content: Uint8Array }>;

const PAGE = join(import.meta.dirname, 'page');

/** Reads the page's files; its script comes bundled in the package, and is bundled here in the repository. */
export async function loadAssets(): Promise<Assets> {
  const bundled = join(PAGE, 'script.js');
  const script = existsSync(bundled) ? readFileSync(bundled) : await bundlePage();
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', content: readFileSync(join(PAGE, 'index.html')) }],
    ...['/page.css', '/deployed.css'].map(
      (path) => [path, { type: 'text/css; charset=utf-8', content: readFileSync(join(PAGE, path)) }] as const,
    ),
    ['/icon.svg', { type: 'image/svg+xml', content: readFileSync(join(PAGE, 'icon.svg')) }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', content: script }],
  ]);
}

/** Bundles the page's script; takes a few hundredths of a second. */
async function bundlePage(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE, 'main.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('The console page was not bundled.');
  return script.contents;
}
