import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { REFUSED, TAKEN } from './snippets.ts';

/*
 * The contract as the compiler enforces it on a seller's code: what must compile does, and what must not is refused for
 * the very reason it is wrong. One run of the compiler over all snippets, with the project's own settings.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const folder = join(ROOT, '.local', `types-${process.pid}`);
const taken = Object.entries(TAKEN);
const refused = Object.entries(REFUSED);
const errors = new Map<string, string[]>();

const file = (body: string) => `import type {
  Access, Change, HookContext, Instance, Order, Renewal, Seller,
} from '../../lib/seller/contract.ts';
declare const seller: Required<Pick<Seller, 'provision' | 'renew' | 'freeze' | 'unfreeze' | 'upgrade' | 'release'>>;
export type Used = [Access, Change, HookContext, Instance, Order, Renewal];
export function snippet() { ${body} }
`;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const options = { noUnusedLocals: false, noEmit: true };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: options, include: ['*.ts'] }),
  );
  taken.forEach(([, body], index) => {
    writeFileSync(join(folder, `taken${index}.ts`), file(body));
  });
  refused.forEach(([, [, body]], index) => {
    writeFileSync(join(folder, `refused${index}.ts`), file(body));
  });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const told = await new Promise<string>((done) => {
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: folder }, (_, stdout) => done(stdout));
  });
  for (const [, name = '', code = ''] of told.matchAll(/^(\w+)\.ts\(\d+,\d+\): error (TS\d+)/gm)) {
    errors.set(name, [...(errors.get(name) ?? []), code]);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a seller may write', () => {
  test.each(taken.map(([name], index) => [name, index] as const))('%s', (_, index) => {
    expect(errors.get(`taken${index}`)).toBeUndefined();
  });
});

describe('the compiler refuses', () => {
  test.each(refused.map(([name, [code]], index) => [name, code, index] as const))('%s (%s)', (_, code, index) => {
    expect(errors.get(`refused${index}`)).toContain(code);
  });
});
