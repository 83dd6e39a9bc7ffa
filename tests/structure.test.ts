import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Parts of lib/ from the inside out: a part imports itself and parts of the rows above its own. */
const LAYERS = [
  ['sha256.ts'],
  ['protocol', 'table', 'http.ts', 'mask.ts', 'source-maps.ts'],
  ['gateway'],
  ['secrets', 'seller', 'log.ts'],
  ['open-api', 'sealing'],
  ['config'],
  ['instances'],
  ['licenses', 'tenants', 'usage', 'reconcile'],
  ['alarms'],
  ['fulfilment', 'login', 'middleware'],
  ['operations'],
];

/** Parts of scripts/ from the ground up; koogate.ts composes the commands, and bin.mjs runs them. */
const FLOORS = [
  ['language', 'marketplace'],
  ['build', 'testing'],
  ['dev'],
  ['cli'],
  ['console'],
  ['evidence'],
  ['koogate.ts'],
  ['bin.mjs'],
];

interface Import {
  readonly file: string;
  /** Path of the imported file, from the root; packages are left out. */
  readonly target: string;
}

const IMPORTS = ['lib', 'handlers', 'scripts'].flatMap(importsBelow);

/** All imports and re-exports of files below a folder: of types, of values, at the start and later. */
function importsBelow(folder: string): Import[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.([cm]?ts|[cm]js)$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)'(\.[^']+)'/g)].map(
        ([, to = '']) => ({ file, target: relative(root, resolve(root, dirname(file), to)) }),
      );
    });
}

/** Name of the part that a file below a folder belongs to. */
function partOf(path: string): string {
  return path.split(sep)[1] ?? '';
}

function rowOf(rows: readonly (readonly string[])[], path: string): number {
  return rows.findIndex((row) => row.includes(partOf(path)));
}

/** Imports that go to a part which does not lie further inside, as `file → target`. */
function upward(folder: string, rows: readonly (readonly string[])[]): string[] {
  const own = (path: string) => path.startsWith(`${folder}${sep}`);
  return IMPORTS.filter(({ file, target }) => own(file) && own(target))
    .filter(({ file, target }) => partOf(file) !== partOf(target) && rowOf(rows, target) >= rowOf(rows, file))
    .map(({ file, target }) => `${file} → ${target}`);
}

function leaving(from: string, allowed: readonly string[]): string[] {
  return IMPORTS.filter(({ file }) => file.startsWith(from))
    .filter(({ target }) => !allowed.some((folder) => target.startsWith(`${folder}${sep}`)))
    .map(({ file, target }) => `${file} → ${target}`);
}

test.each([
  ['lib', LAYERS],
  ['scripts', FLOORS],
] as const)('every part of %s has its place', (folder, rows) => {
  const parts = readdirSync(join(root, folder)).filter((name) => !name.startsWith('.'));
  expect([...parts].sort()).toEqual(rows.flat().sort());
});

describe('imports point inwards', () => {
  test('all of them are seen', () => {
    expect(IMPORTS.length).toBeGreaterThan(1_000);
    expect(IMPORTS).toContainEqual({ file: 'lib/instances/queue.ts', target: 'lib/instances/kit-item.ts' });
    expect(IMPORTS).toContainEqual({ file: 'scripts/koogate.ts', target: 'scripts/console/start.ts' });
  });

  test('in lib/, layer by layer', () => expect(upward('lib', LAYERS)).toEqual([]));

  test('lib/ imports neither handlers nor scripts, nor anybody’s products', () =>
    expect(leaving('lib/', ['lib'])).toEqual([]));

  test('handlers import lib/ alone', () => expect(leaving('handlers/', ['handlers', 'lib'])).toEqual([]));

  test('in scripts/, floor by floor', () => expect(upward('scripts', FLOORS)).toEqual([]));

  test('the marketplace’s side knows nothing of the server', () =>
    expect(leaving('scripts/marketplace/', ['scripts/marketplace'])).toEqual([]));

  test('scripts import neither handlers nor tests, but for builds, tests of shops and the evidence', () => {
    const below = ['language', 'dev', 'cli', 'console', 'koogate.ts', 'bin.mjs'];
    const found = below.flatMap((part) => leaving(`scripts/${part}`, ['scripts', 'lib']));
    expect(found).toEqual([]);
  });
});
