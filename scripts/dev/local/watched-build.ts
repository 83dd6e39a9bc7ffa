import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BuildOptions, type BuildResult, context, type Plugin } from 'esbuild';
import { writeOutputs } from '../../build/bundle.ts';

/** Way in which a build follows the files that it is made of. */
export interface WatchOptions {
  readonly configFile: string;
  /** Watches the files, and builds again when one changes. */
  readonly watch: boolean;
  /** Called after each further build, with the files that changed. */
  readonly onRebuilt?: (changed: readonly string[]) => void;
  /** Called with a sentence when a further build fails; the bundles of before run on. */
  readonly onFailed?: (reason: string) => void;
}

/**
 * Builds and, if asked to, builds again whenever a file changes; writes what was built.
 * @throws Error of the compiler if the first build fails
 */
export async function startBuild(
  { plugins = [], ...rest }: BuildOptions,
  options: WatchOptions,
): Promise<{ stop(): Promise<void> }> {
  const { watch } = options;
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
    stop: async () => {
      if (watch) await builder.dispose();
    },
  };
}

/** Writes what a build gave, and says what it was made anew for. */
function createReport({ configFile, onRebuilt, onFailed }: WatchOptions): (result: BuildResult) => void {
  let known: ReadonlyMap<string, number> | undefined;
  return ({ errors, outputFiles, metafile }) => {
    if (errors.length > 0) {
      onFailed?.(sentences(errors));
      return;
    }
    writeOutputs(outputFiles ?? []);
    const now = new Map(
      Object.keys(metafile?.inputs ?? {})
        .filter((path) => !path.includes('node_modules') && !/^koogate-\w+:/.test(path))
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
