import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const root = new URL('../../', import.meta.url);
const IMPORT = /^(?:import|export) (?!type )(?:[^'"]*? from )?'([^']+)'/gm;

/** The modules that a module needs at run time: our own files, and names of packages and of Node's modules. */
function needed(entry: string): { readonly files: readonly string[]; readonly packages: readonly string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(new URL(file, root), 'utf8');
    for (const [, target = ''] of text.matchAll(IMPORT)) {
      if (target.startsWith('.')) visit(new URL(target, new URL(file, root)).pathname.slice(root.pathname.length));
      else packages.add(target);
    }
  };
  visit(entry);
  return { files: [...files], packages: [...packages] };
}

const { files, packages } = needed('scripts/testing/index.ts');

test('koogate/testing stands on lib, handlers and the side of the marketplace', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => !/^(lib|handlers|scripts\/(testing|marketplace))\//.test(file))).toEqual([]);
});

test('koogate/testing opens no connection, starts no program, and needs no package but those of functions', () => {
  expect(
    packages.filter((name) => /^node:(net|tls|http|https|http2|dgram|child_process|worker_threads)$/.test(name)),
  ).toEqual([]);
  expect(files).not.toContain('scripts/marketplace/calls/send.ts');
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const foreign = packages.filter((name) => !name.startsWith('node:') && !Object.hasOwn(dependencies, name));
  expect(foreign).toEqual([]);
});

test('the table in memory imports nothing outside its folder but the vendor’s types and errors', () => {
  const memory = needed('lib/table/memory.ts');
  expect(memory.files.filter((file) => !file.startsWith('lib/table/'))).toEqual([]);
  expect(memory.packages).toEqual(['@aws-sdk/client-dynamodb']);
});
