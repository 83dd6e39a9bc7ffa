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
