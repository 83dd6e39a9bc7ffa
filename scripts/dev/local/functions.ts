import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildResult, context, type Plugin } from 'esbuild';
import { bundleOptions, FUNCTIONS, writeOutputs } from '../../build/bundle.ts';

/** The functions of a local run: bundles that are made anew while the files they are made of change. */
export interface LocalFunctions {
  /** Path of the module with a function's `handler`, which always runs the newest bundle. */
  moduleOf(name: string): string;
  stop(): Promise<void>;
}

export interface LocalFunctionsOptions {
  readonly configFile: string;
  /** Folder that the bundles are written to. */
  readonly folder: string;
  /** Watches the files, and builds again when one changes. */
  readonly watch: boolean;
  /** Called after each further build, with the files that changed. */
  readonly onRebuilt?: (changed: readonly string[]) => void;
  /** Called with a sentence when a further build fails; the bundles of before run on. */
  readonly onFailed?: (reason: string) => void;
}

/**
 * Builds the functions and, if asked to, builds them again whenever their files change.
 * @throws Error of the compiler if the first build fails
 */
export async function startFunctions(options: LocalFunctionsOptions): Promise<LocalFunctions> {
  const { configFile, folder, watch } = options;
  mkdirSync(folder, { recursive: true });
  for (const name of FUNCTIONS) writeFileSync(join(folder, `${name}.cjs`), delegate(name));
  const { plugins, entryPoints, ...rest } = bundleOptions({ configFile, outdir: folder });
  let first: ((result: BuildResult) => void) | undefined;
  const built = new Promise<BuildResult>((resolveFirst) => {
    first = resolveFirst;
  });
  const onEnd = createReport(options);
  const report: Plugin = {
    name: 'koogate-local',
    setup: (build) => {
      build.onEnd((result) => {
        if (first === undefined) return onEnd(result);
        first(result);
        first = undefined;
        if (result.errors.length === 0) onEnd(result);
      });
    },
  };
  const builder = await context({
    ...rest,
    entryPoints: entryPoints.map(({ in: entry, out }) => ({ in: entry, out: `${out}.bundle` })),
    minify: false, // a line of the seller's own code is read here, and nobody waits for a cold start
    logLevel: 'silent',
    plugins: [...plugins, report],
  });
  if (watch) await builder.watch();
  else await builder.rebuild().catch(() => {}); // said below, from the result
  const { errors } = await built;
  if (!watch || errors.length > 0) await builder.dispose();
  if (errors.length > 0) throw new Error(`The functions cannot be built.\n${sentences(errors)}`);
  return {
    moduleOf: (name) => join(folder, `${name}.cjs`),
    stop: async () => {
      if (watch) await builder.dispose();
    },
  };
}

/** Writes what a build gave, and says what it was made anew for. */
function createReport({ configFile, onRebuilt, onFailed }: LocalFunctionsOptions): (result: BuildResult) => void {
  let known: ReadonlyMap<string, number> | undefined;
  return ({ errors, outputFiles, metafile }) => {
    if (errors.length > 0) {
      onFailed?.(sentences(errors));
      return;
    }
    writeOutputs(outputFiles ?? []);
    const now = new Map(
      Object.keys(metafile?.inputs ?? {})
        .filter((path) => !path.includes('node_modules') && !path.startsWith('koogate-function:'))
        .map((path) => [path, changedAt(resolve(configFile, '..', path))]),
    );
    const before = known;
    known = now;
    if (before === undefined) return;
    onRebuilt?.([...now].filter(([path, time]) => before.get(path) !== time).map(([path]) => path));
  };
}

function sentences(errors: BuildResult['errors']): string {
  return errors
    .map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text))
    .join('\n');
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
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
