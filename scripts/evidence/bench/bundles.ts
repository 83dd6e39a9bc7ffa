import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../../build/bundle.ts';
import { SAMPLES_CONFIG } from '../../dev/demo/stage.ts';
import { ROOT } from '../../dev/local/settings.ts';
import { Problem } from '../../dev/problem.ts';

/** Folder that the bench builds and writes into; not under version control. */
export const OUT = join(ROOT, '.local/bench');

const HERE = import.meta.dirname;

/** The bundles that are measured. */
export const BUNDLES = {
  produce: join(OUT, 'produce.cjs'),
  fulfil: join(OUT, 'fulfil.cjs'),
  reference: join(OUT, 'usual-stack.cjs'),
  empty: join(OUT, 'empty.cjs'),
} as const;

/** Installs the references' packages as their lock file names them, unless they are installed already. */
export async function installReferences(say: (text: string) => void): Promise<void> {
  const installed = join(HERE, 'node_modules/.package-lock.json');
  if (existsSync(installed) && isInStep(installed)) return;
  say('installing the references (npm ci in scripts/evidence/bench) …');
  const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: HERE,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0)
    throw new Problem('The references could not be installed: run "npm ci" in scripts/evidence/bench to see why.');
}

/** Tells whether every package of the lock file is there in the version it names. */
function isInStep(installed: string): boolean {
  const versions = (path: string): Record<string, string> => {
    const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, { version?: string }> };
    return Object.fromEntries(
      Object.entries(packages).flatMap(([name, { version }]) => (name && version ? [[name, version]] : [])),
    );
  };
  const there = versions(installed);
  return Object.entries(versions(join(HERE, 'package-lock.json'))).every(([name, version]) => there[name] === version);
}

/** Builds KooGate's function as it is deployed. */
export async function bundleProduct(): Promise<void> {
  await bundle({ configFile: SAMPLES_CONFIG, outdir: OUT, functions: ['produce', 'fulfil'] });
}

/** Builds the references with the same settings, and with the SDK's whole credential chain, as it comes. */
export async function bundleReferences(): Promise<void> {
  await build({
    absWorkingDir: HERE,
    entryPoints: ['reference/usual-stack.mjs', 'reference/empty.mjs'],
    outdir: OUT,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
}
