import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages, packPackages } from '../../build/packages.ts';
import { PACKAGE_ROOT } from '../../build/roots.ts';
import { main, Problem } from '../../dev/problem.ts';
import { notesOf } from './notes.ts';

const USAGE = `npm run release -- --tag v1.0.0 [--packages DIR] [--notes FILE] [--changelog FILE] [--dry-run]

Publishes koogate and koogate-dev of one version to the registry that npm is set to. What is there already is left
alone, so that a release that broke off can be run again.
--tag        the tag of the version; it has to be that of both packages
--packages   a folder with both tarballs; otherwise they are packed
--notes      the file that the version's notes from the changelog are written to
--changelog  another changelog than CHANGELOG.md
--dry-run    checks everything, and publishes nothing`;

/** A packed package. */
interface Tarball {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  /** Digest as registries state it: `sha512-` and base64. */
  readonly integrity: string;
}

/** `npm run release`: tag → checks → packages → registry → notes. */
await main(async () => {
  const { values } = parseArgs({
    options: {
      tag: { type: 'string' },
      packages: { type: 'string' },
      notes: { type: 'string' },
      changelog: { type: 'string', default: join(PACKAGE_ROOT, 'CHANGELOG.md') },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const [, version] = /^v(\d+\.\d+\.\d+)$/.exec(values.tag ?? '') ?? [];
  if (version === undefined) {
    throw new Problem(`--tag is "${values.tag ?? ''}", but a version's tag looks like v1.0.0.\n\n${USAGE}`);
  }
  const notes = notesOf(readFileSync(values.changelog, 'utf8'), version);
  const folder = values.packages ?? join(PACKAGE_ROOT, 'dist/packages');
  const files =
    values.packages === undefined
      ? packPackages(buildPackages(folder), folder)
      : ['koogate', 'koogate-dev'].map((name) => join(folder, `${name}-${version}.tgz`));
  const tarballs = files.map(readTarball);
  for (const { file, version: found } of tarballs) {
    if (found !== version) throw new Problem(`${file} holds version ${found}, but the tag is of ${version}.`);
  }
  for (const tarball of tarballs) publish(tarball, values['dry-run']);
  if (values.notes !== undefined) writeFileSync(values.notes, `${notes}\n`);
}, USAGE);

function readTarball(file: string): Tarball {
  const manifest = execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' });
  const { name, version } = JSON.parse(manifest) as Tarball;
  return {
    file,
    name,
    version,
    integrity: `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`,
  };
}

/** Publishes a package unless the registry has it. @throws Problem if it has another one of the same version */
function publish({ file, name, version, integrity }: Tarball, isDry: boolean): void {
  const there = published(`${name}@${version}`);
  if (there === integrity) {
    console.log(`✓ ${name} ${version} is there already.`);
    return;
  }
  if (there !== undefined) {
    throw new Problem(
      `The registry has another ${name} ${version} (${there}) than ${file} (${integrity}): a version is published ` +
        'once. Raise the version, and release that.',
    );
  }
  if (isDry) {
    console.log(`▸ ${name} ${version} would be published.`);
    return;
  }
  // Only a workflow of GitHub can say where a package was made.
  const provenance = process.env.ACTIONS_ID_TOKEN_REQUEST_URL ? ['--provenance'] : [];
  const { status, stderr } = npm('publish', file, '--access', 'public', ...provenance);
  if (status !== 0) throw new Problem(`${name} ${version} was not published:\n${stderr.trim()}`);
  console.log(`✓ ${name} ${version} published.`);
}

/** Digest of a version at the registry; undefined if there is none. */
function published(spec: string): string | undefined {
  const { status, stdout, stderr } = npm('view', spec, 'dist.integrity', '--json', '--prefer-online');
  if (status === 0) return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  if (`${stdout}${stderr}`.includes('E404')) return undefined;
  throw new Problem(`The registry did not say whether it has ${spec}:\n${stderr.trim()}`);
}

function npm(...args: readonly string[]) {
  return spawnSync('npm', args, { encoding: 'utf8' });
}
