import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOptions, FUNCTIONS } from '../../build/bundle.ts';
import { startBuild, type WatchOptions } from './watched-build.ts';

/** The functions of a local run: bundles that are made anew while the files they are made of change. */
export interface LocalFunctions {
  /** Path of the module with a function's `handler`, which always runs the newest bundle. */
  moduleOf(name: string): string;
  stop(): Promise<void>;
}

export interface LocalFunctionsOptions extends WatchOptions {
  /** Folder that the bundles are written to. */
  readonly folder: string;
}

/**
 * Builds the functions and, if asked to, builds them again whenever their files change.
 * @throws Error of the compiler if the first build fails
 */
export async function startFunctions(options: LocalFunctionsOptions): Promise<LocalFunctions> {
  const { configFile, folder } = options;
  mkdirSync(folder, { recursive: true });
  for (const name of FUNCTIONS) writeFileSync(join(folder, `${name}.cjs`), delegate(name));
  const { entryPoints, ...rest } = bundleOptions({ configFile, outdir: folder });
  const { stop } = await startBuild(
    { ...rest, entryPoints: entryPoints.map(({ in: entry, out }) => ({ in: entry, out: `${out}.bundle` })) },
    options,
  );
  return { moduleOf: (name) => join(folder, `${name}.cjs`), stop };
}

/** A module that hands each invocation to the newest bundle of a function. */
function delegate(name: string): string {
  return `'use strict';
// Hands each invocation to the newest ${name}.bundle.cjs beside it.
const { statSync } = require('node:fs');
const bundle = require.resolve('./${name}.bundle.cjs');
let version;
let handler;
exports.handler = (event, context) => {
  const { mtimeMs, size, ino } = statSync(bundle);
  const found = [mtimeMs, size, ino].join(' ');
  if (found !== version) {
    delete require.cache[bundle];
    ({ handler } = require(bundle));
    version = found;
  }
  return handler(event, context);
};
`;
}
