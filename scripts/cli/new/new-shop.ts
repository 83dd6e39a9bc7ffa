import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { COMMON, readArguments, readChoice } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Release, releaseIn, releaseOfThis } from './release.ts';

const OPTIONS = {
  ...COMMON,
  seller: { type: 'string' },
  koogate: { type: 'string' },
} as const;

/** Starting points: the seller's code in TypeScript, a backend that is called over HTTP, or a server behind a gateway. */
const SELLERS = ['typescript', 'http', 'gateway'] as const;

type SellerKind = (typeof SELLERS)[number];

/** Folders of templates that a starting point is made of. */
const TEMPLATES: Readonly<Record<SellerKind, readonly string[]>> = {
  typescript: ['common', 'typescript'],
  http: ['common', 'http'],
  gateway: ['gateway'],
};

/** Names that a service may have; table, functions and the first product are called by it. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Exact versions of the packages that a shop's own scripts run. */
const TYPESCRIPT = '7.0.2';
const NODE_TYPES = '24.13.0';

/** `koogate new <folder>`: makes a seller's own repository. */
export async function newShop(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  const [given] = positionals;
  if (values.help || given === undefined || positionals.length > 1) {
    terminal.out(terminal.say('help.new'));
    return values.help ? EXIT.good : EXIT.usage;
  }
  const kind = readChoice('--seller', values.seller, SELLERS) ?? 'typescript';
  const folder = resolve(given);
  const name = basename(folder);
  if (!NAME.test(name)) throw new Problem('new.name', { name });
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) {
    throw new Problem('new.not-empty', { folder: given });
  }
  const release = values.koogate === undefined ? releaseOfThis() : releaseIn(values.koogate);
  const files = writeShop(folder, name, kind, release);
  if (values.json) terminal.out(JSON.stringify({ folder, version: release.version, files }));
  else {
    const start = terminal.say(kind === 'gateway' ? 'new.start.server' : 'new.start.system');
    terminal.out(terminal.say('new.made', { folder: given, version: release.version, count: files.length, start }));
  }
  return EXIT.good;
}

function writeShop(folder: string, name: string, kind: SellerKind, release: Release): readonly string[] {
  const written: string[] = [];
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
    written.push(file);
  };
  for (const template of TEMPLATES[kind]) {
    const from = join(import.meta.dirname, 'templates', template);
    for (const file of filesBelow(from)) {
      const text = readFileSync(join(from, file), 'utf8').replaceAll('{{name}}', name);
      write(file.replace(/(^|\/)_/g, '$1.'), text);
    }
  }
  write('package.json', `${JSON.stringify(manifest(folder, name, kind, release), null, 2)}\n`);
  return written.toSorted();
}

function manifest(folder: string, name: string, kind: SellerKind, release: Release): object {
  const { library, tools } = release.specifiersFor(folder);
  return {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18' },
    scripts: SCRIPTS[kind],
    dependencies: { koogate: library },
    devDependencies: { '@types/node': NODE_TYPES, 'koogate-dev': tools, typescript: TYPESCRIPT },
    ...release.root,
  };
}

const TEST = "tsc -p . && node --test 'tests/**/*.test.ts'";
const DEPLOYMENT = { package: 'serverless package', deploy: 'serverless deploy', koogate: 'koogate' };

const SCRIPTS: Readonly<Record<SellerKind, Readonly<Record<string, string>>>> = {
  typescript: { start: 'koogate start', test: TEST, ...DEPLOYMENT },
  http: {
    start: "koogate start --with 'node backend/server.mjs'",
    'start:python': "koogate start --with 'python3 backend/server.py'",
    test: TEST,
    'test:python': `BACKEND='python3 backend/server.py' npm test`,
    ...DEPLOYMENT,
  },
  gateway: { start: 'node server.ts', test: TEST, koogate: 'koogate' },
};

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => relative(folder, join(folder, file)));
}
