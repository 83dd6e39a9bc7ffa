import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProject } from '../../build/roots.ts';
import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { fromRegistry, type Release, releaseIn } from './release.ts';

const OPTIONS = {
  ...COMMON,
  koogate: { type: 'string' },
  to: { type: 'string' },
} as const;

type Manifest = Record<string, unknown> & {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

/** `koogate upgrade`: takes a newer KooGate; changes `package.json` and the lock file alone. */
export async function upgrade(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help || positionals.length > 0) {
    terminal.out(terminal.say('help.upgrade'));
    return values.help ? EXIT.good : EXIT.usage;
  }
  const folder = findProject();
  const path = join(folder, 'package.json');
  const before = readManifest(path);
  const release = values.koogate === undefined ? fromRegistry(values.to ?? newest()) : releaseIn(values.koogate);
  const installed = installedVersion(folder);
  const after = withRelease(before, release, folder);
  if (installed === release.version && JSON.stringify(after) === JSON.stringify(before)) {
    terminal.out(terminal.say('upgrade.current', { version: release.version }));
    return EXIT.good;
  }
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, `${JSON.stringify(after, null, 2)}\n`);
  terminal.note(terminal.say('upgrade.installing', { version: release.version }));
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) {
    writeFileSync(path, text); // nothing half done
    throw new Problem('upgrade.failed', { detail: stderr.trim().split('\n').slice(-5).join('\n') });
  }
  const result = { from: installed ?? '?', to: release.version };
  terminal.out(values.json ? JSON.stringify(result) : terminal.say('upgrade.done', result));
  return EXIT.good;
}

function readManifest(path: string): Manifest {
  if (!existsSync(path)) throw new Problem('upgrade.no-shop', { path });
  const manifest: Manifest = JSON.parse(readFileSync(path, 'utf8'));
  if (manifest.dependencies?.koogate === undefined) throw new Problem('upgrade.no-shop', { path });
  return manifest;
}

/** The same manifest with other versions, and the members that a root states for them. */
function withRelease(manifest: Manifest, release: Release, folder: string): Manifest {
  const { library, tools } = release.specifiersFor(folder);
  const { allowScripts, overrides } = release.root;
  return {
    ...manifest,
    dependencies: { ...manifest.dependencies, koogate: library },
    devDependencies: { ...manifest.devDependencies, 'koogate-dev': tools },
    ...(allowScripts && { allowScripts: { ...Object(manifest.allowScripts), ...allowScripts } }),
    ...(overrides && { overrides: { ...Object(manifest.overrides), ...overrides } }),
  };
}

function installedVersion(folder: string): string | undefined {
  const path = join(folder, 'node_modules/koogate/package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : undefined;
}

/** The newest release that the registry has. @throws Problem */
function newest(): string {
  const { status, stdout, stderr } = spawnSync('npm', ['view', 'koogate-dev', 'version'], { encoding: 'utf8' });
  const version = stdout.trim();
  if (status === 0 && /^\d+\.\d+\.\d+$/.test(version)) return version;
  throw new Problem('upgrade.registry', { detail: stderr.trim().split('\n')[0] ?? '' });
}
