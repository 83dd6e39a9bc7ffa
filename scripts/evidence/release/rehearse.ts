import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startRegistry } from './registry.ts';

/** Token that the registry of the rehearsal knows. */
const TOKEN = 'token-of-the-rehearsal';

/**
 * Plays a release against a registry of its own: a dry run, a release, the same once more, and one of other packages of
 * the same version, which has to be refused.
 * @param files both tarballs, `koogate` first
 * @param folder an empty one, for files of the rehearsal
 * @throws Error saying what went otherwise
 */
export async function rehearseRelease(files: readonly string[], version: string, folder: string): Promise<void> {
  const registry = await startRegistry(TOKEN);
  try {
    const npmrc = join(folder, 'npmrc');
    const host = registry.url.slice('http:'.length);
    writeFileSync(npmrc, `registry=${registry.url}/\n${host}/:_authToken=${TOKEN}\nfetch-retries=0\n`);
    const [changelog, notes, cache] = [join(folder, 'CHANGELOG.md'), join(folder, 'notes.md'), join(folder, 'cache')];
    writeFileSync(changelog, `# Changelog\n\n## ${version}\n\n* All that is new.\n\n## 0.0.1\n\n* Old.\n`);
    const packages = join(folder, 'packages');
    mkdirSync(packages);
    for (const file of files) copyFileSync(file, join(packages, basename(file)));
    const release = (...more: readonly string[]) =>
      node({ npm_config_userconfig: npmrc, npm_config_cache: cache, npm_config_registry: `${registry.url}/` }, [
        ...['--tag', `v${version}`, '--packages', packages, '--changelog', changelog, '--notes', notes],
        ...more,
      ]);

    const names = ['koogate', 'koogate-dev'];
    expect(
      await release('--dry-run'),
      0,
      names.map((name) => `${name} ${version} would be published.`),
    );
    if (registry.tarballs.size > 0) throw new Error('A dry run published a package.');
    expect(
      await release(),
      0,
      names.map((name) => `${name} ${version} published.`),
    );
    for (const [at, name] of names.entries()) {
      const there = registry.tarballs.get(`${name}@${version}`);
      if (!there?.equals(readFileSync(files[at] ?? ''))) throw new Error(`The registry has another ${name}.`);
    }
    if (readFileSync(notes, 'utf8') !== '* All that is new.\n')
      throw new Error('The notes are not those of the version.');
    expect(
      await release(),
      0,
      names.map((name) => `${name} ${version} is there already.`),
    );
    // Two packages of other bytes, under the same names and version.
    const other = join(packages, `koogate-dev-${version}.tgz`);
    writeFileSync(other, Buffer.concat([readFileSync(other), Buffer.alloc(512)]));
    expect(await release(), 1, [`The registry has another koogate-dev ${version}`]);
  } finally {
    await registry.stop();
  }
}

interface Ended {
  readonly status: number;
  readonly output: string;
}

/** Runs the release as a process, since the registry answers it from this one. */
async function node(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, 'close');
  return { status, output: (await output).join('') };
}

function expect({ status, output }: Ended, wanted: number, sentences: readonly string[]): void {
  const missing = sentences.filter((sentence) => !output.includes(sentence));
  if (status === wanted && missing.length === 0) return;
  throw new Error(`Expected exit code ${wanted} and "${missing.join('", "')}", found ${status} and:\n${output}`);
}
