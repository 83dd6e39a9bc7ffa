import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { awsParts } from '../../scripts/build/aws-parts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a command wrote and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A folder with a service of its own: Serverless builds its zips in fixed places below the service's folder. */
export interface WorkingCopy {
  readonly folder: string;
  /** Runs the Serverless Framework as the npm scripts do, with this environment alone beside PATH. */
  serverless(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Replaces the settings. */
  configure(settings: TestSettings): void;
  /** The template that was packaged last. @throws Error if none was */
  template(): Template;
  remove(): void;
}

/** CloudFormation's template, as far as tests look into it. */
export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, { readonly Value: unknown }>;
}

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Record<string, unknown>;
}

/** Settings of an installation for the text of `koogate.config.ts`. */
export interface TestSettings {
  readonly service?: string;
  /** By name; `seller: 'real'` or `'demo'` stands for the code. */
  readonly products?: Readonly<Record<string, object>>;
  readonly stages: Readonly<Record<string, object>>;
}

/** A stage in production that nothing is wrong with. */
export const PROD = { region: 'ap-southeast-1', receivers: ['ops'], hostRuleKnown: true };

/** A copy of this checkout with settings of its own. */
export function workingCopy(settings: TestSettings = { stages: { prod: PROD } }): WorkingCopy {
  const folder = mkdtempSync(join(tmpdir(), 'koogate-deploy-'));
  for (const name of ['serverless.yml', 'package.json', 'scripts', 'deploy']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const name of ['handlers', 'lib', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  return service(folder, settings);
}

/** The `serverless.yml` that a new shop gets. */
export function shopsServerless(name: string): string {
  return readFileSync(join(root, 'scripts/cli/new/templates/common/serverless.yml'), 'utf8').replaceAll(
    '{{name}}',
    name,
  );
}

/** A seller's repository: its own `serverless.yml` and settings, and KooGate among its packages. */
export function sellersRepository(settings: TestSettings & { readonly service: string }): WorkingCopy {
  const folder = mkdtempSync(join(tmpdir(), 'koogate-shop-'));
  writeFileSync(join(folder, 'serverless.yml'), shopsServerless(settings.service));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: settings.service, type: 'module' }));
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  }
  installDevelopersPackage(join(packages, 'koogate-dev'));
  return service(folder, settings);
}

/** Puts the package `koogate-dev` in place, made of links: what of it a service includes, and what the plugin runs. */
function installDevelopersPackage(folder: string): void {
  const parts = join(folder, 'deploy/aws');
  mkdirSync(parts, { recursive: true });
  cpSync(join(root, 'deploy/aws'), parts, { recursive: true });
  for (const [name, text] of Object.entries(awsParts(readFileSync(join(root, 'serverless.yml'), 'utf8')))) {
    writeFileSync(join(parts, name), text);
  }
  symlinkSync(join(root, 'scripts'), join(folder, 'scripts'));
  const exports = { './serverless': './scripts/dev/serverless-plugin.mjs' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'koogate-dev', type: 'module', exports }));
}

function service(folder: string, settings: TestSettings): WorkingCopy {
  const configure = (next: TestSettings) => writeFileSync(join(folder, 'koogate.config.ts'), configText(next));
  configure(settings);
  return {
    folder,
    configure,
    serverless: async (args, env = {}) => {
      const child = spawn(process.execPath, ['node_modules/serverless/bin/serverless.js', ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      const [code, out, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      return { code, output: out + errors };
    },
    template: () =>
      JSON.parse(readFileSync(join(folder, '.serverless', 'cloudformation-template-update-stack.json'), 'utf8')),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function configText({ service = 'koogate', products = { crm: { seller: 'real' } }, stages }: TestSettings): string {
  const settings = JSON.stringify({ service, products, stages }, null, 2);
  return `import { defineConfig } from '${join(root, 'lib/config/config.ts')}';

const hook = async () => ({ frontEndUrl: 'https://crm.example.com' });
const real = { provision: hook, renew: hook, freeze: hook, unfreeze: hook, upgrade: hook, release: hook, login: { signedIn: hook } };
const demo = { ...real, demonstration: true };

export default defineConfig(${settings.replaceAll('"seller": "real"', '"seller": real').replaceAll('"seller": "demo"', '"seller": demo')});
`;
}

/** Names of the files in a zip, from its central directory. */
export function zipEntries(path: string): string[] {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}
