import type { Metafile } from 'esbuild';

/** Entry points of the deployed functions. */
export const ENTRIES: readonly string[];

/** Bundles functions to `<outdir>/<name>.cjs`, by default those of `handlers/` to `dist/`. */
export function bundle(options?: { entries?: readonly string[]; outdir?: string }): Promise<Metafile>;
