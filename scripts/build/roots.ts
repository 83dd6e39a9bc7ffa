import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Folder of the package that this file is part of: this repository, or `node_modules/koogate-dev`. */
export const PACKAGE_ROOT = rootOf(import.meta.dirname);

/** Extension of the package's own modules: `.ts` in this repository, `.js` in a package. */
export const EXTENSION = import.meta.filename.endsWith('.ts') ? '.ts' : '.js';

/** Name of the file with an installation's settings. */
export const CONFIG_FILE = 'koogate.config.ts';

/** Folder of the installation at hand: the nearest one at or above `from` with settings; else `from` itself. */
export function findProject(from: string = process.cwd()): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, CONFIG_FILE))) return folder;
    if (folder === dirname(folder)) return resolve(from);
  }
}

function rootOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name !== undefined) return at;
    if (at === dirname(at)) throw new Error(`${folder} lies in no package: no package.json above it has a name.`);
  }
}
