import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { createSourceMapper } from '../lib/source-maps.ts';

let folder: string;
let stack: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-maps-'));
  writeFileSync(
    join(folder, 'crm.ts'),
    'type Nothing = undefined;\n\nexport function provision(): Nothing {\n  throw new Error("no room");\n}\n',
  );
  writeFileSync(
    join(folder, 'main.ts'),
    "import { provision } from './crm.ts';\ntry {\n  provision();\n} catch (error) {\n  console.log((error as Error).stack);\n}\n",
  );
  const outfile = join(folder, 'fulfil.cjs');
  await build({
    entryPoints: [join(folder, 'main.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    minify: true,
    sourcemap: 'external',
  });
  stack = (await promisify(execFile)(process.execPath, [outfile])).stdout;
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the frames of a bundle lead to the line of the file that it was made of', () => {
  expect(stack).not.toContain('crm.ts');
  const mapped = createSourceMapper()(stack);
  expect(mapped).toMatch(/crm\.ts:4:\d+/);
  expect(mapped).toMatch(/main\.ts:3:\d+/);
  expect(mapped).toContain('no room');
});

test('a map is read once, when it is first needed', () => {
  const reads: string[] = [];
  const map = createSourceMapper((path) => {
    reads.push(path);
    return readFileSync(path, 'utf8');
  });
  expect(reads).toEqual([]);
  map(stack);
  map(stack);
  expect(reads).toEqual([join(folder, 'fulfil.cjs.map')]);
});

test('frames without a map, or with a broken one, stay as they are', () => {
  const unreadable = createSourceMapper(() => {
    throw new Error('no such file');
  });
  expect(unreadable(stack)).toBe(stack);
  expect(createSourceMapper(() => '{')(stack)).toBe(stack);
  expect(createSourceMapper(() => '{"version":3,"sources":[],"names":[],"mappings":""}')(stack)).toBe(stack);
});
