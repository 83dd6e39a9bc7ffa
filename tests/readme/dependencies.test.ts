import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parsePage, ROOT } from './markdown.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const { dependencies, devDependencies, optionalDependencies } = manifest;
const needed: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies };

/** The alias in the first column that is no name of package.json: what "serverless" really is. */
const ALIASES = ['osls'];

const rows = parsePage('docs/dependencies.md').text.matchAll(/^\| (`[^|]*) \|/gm);
const explained = [...rows].flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

test('docs/dependencies.md says of each dependency what it is for, and of nothing else', () => {
  expect([...explained].sort()).toEqual([...Object.keys(needed), ...ALIASES].sort());
});

test('each dependency is pinned exactly', () => {
  const loose = Object.entries(needed).filter(
    ([, version]) => !/^(npm:[\w@/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

/** Licences that ask for nothing but their own text, and under which packages that are shipped may stand. */
const PERMISSIVE = /^\(?(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|Unlicense|MIT OR Apache-2\.0)\)?$/;
/** Further ones, of tools that run here and are part of nothing that is shipped. */
const TOOLS =
  /^(BlueOak-1\.0\.0|\(MIT OR CC0-1\.0\)|MPL-2\.0|PSF-2\.0|CC-BY-4\.0|\(MIT OR GPL-3\.0-or-later\)|\(MIT AND Zlib\)|Python-2\.0)$/;
/** Tools under a licence that reaches further, each by name: they are run, and nothing of them is linked. */
const BY_NAME = /^node_modules\/(.*\/)?@cloud-copilot\//;

test('each package stands under a licence that is known, and what is shipped under a permissive one', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const all = Object.entries(packages as Record<string, { license?: string; dev?: boolean }>).filter(([path]) => path);
  const wrong = all.filter(([path, { license = '', dev = false }]) => {
    if (PERMISSIVE.test(license)) return false;
    return !(dev && (TOOLS.test(license) || BY_NAME.test(path)));
  });
  expect(all.length).toBeGreaterThan(500);
  expect(wrong.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});
