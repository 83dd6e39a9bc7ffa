import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { newShop } from '../../../scripts/cli/new/new-shop.ts';
import { ascending, releaseIn } from '../../../scripts/cli/new/release.ts';
import { processTerminal, type Terminal } from '../../../scripts/cli/terminal/terminal.ts';
import { temporaryFolder } from '../../support/command.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const inside = (...path: string[]) => join(folder.path, ...path);

function tarballs(name: string, ...files: string[]): string {
  mkdirSync(inside(name));
  for (const file of files) writeFileSync(inside(name, file), '');
  return inside(name);
}

const said: string[] = [];
const terminal: Terminal = { ...processTerminal(['--lang', 'en']), out: (text) => void said.push(text) };
const make = (...args: string[]) => newShop(args, terminal);

describe.each(['typescript', 'http'])('a shop with a seller of the kind %s', (kind) => {
  const shop = inside(`${kind}-shop`);

  test('has all that it needs, under its own name', async () => {
    expect(await make(shop, '--seller', kind)).toBe(0);
    const files = readdirSync(shop, { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(
      expect.arrayContaining([
        '.github/workflows/deploy.yml',
        '.gitignore',
        'README.md',
        'README.zh-CN.md',
        'koogate.config.ts',
        'package.json',
        'serverless.yml',
        'tsconfig.json',
      ]),
    );
    const texts = files.filter((file) => statSync(join(shop, file)).isFile());
    for (const file of texts) expect(`${file}: ${readFileSync(join(shop, file), 'utf8')}`).not.toContain('{{name}}');
    expect(readFileSync(join(shop, 'serverless.yml'), 'utf8')).toContain(`service: ${kind}-shop`);
  });

  test('has a serverless.yml of at most 40 lines', () => {
    expect(readFileSync(join(shop, 'serverless.yml'), 'utf8').split('\n').length).toBeLessThanOrEqual(40);
  });

  test('pins KooGate exactly', () => {
    const { dependencies, devDependencies, version } = JSON.parse(readFileSync(join(shop, 'package.json'), 'utf8'));
    const own = JSON.parse(readFileSync('package.json', 'utf8')).version;
    expect([dependencies.koogate, devDependencies['koogate-dev'], version]).toEqual([own, own, '0.1.0']);
  });
});

test('what npm start runs is said: the system of a shop, or a server behind a gateway', async () => {
  await make(inside('one-shop'));
  expect(said.at(-1)).toContain('npm start    # the whole system on this machine');
  await make(inside('one-agent'), '--seller', 'gateway');
  expect(said.at(-1)).toContain('npm start    # the server on this machine, and how to call it');
});

describe('a shop is refused', () => {
  test.each(['My-Shop', '1shop', 'shop_one', `a${'b'.repeat(40)}`])('under the name %s', async (name) => {
    await expect(make(inside(name))).rejects.toMatchObject({ id: 'new.name', values: { name } });
    expect(existsSync(inside(name))).toBe(false);
  });

  test('in a folder that holds something', async () => {
    mkdirSync(inside('full'));
    writeFileSync(inside('full', 'mine.txt'), 'mine');
    await expect(make(inside('full'))).rejects.toMatchObject({ id: 'new.not-empty' });
    expect(readdirSync(inside('full'))).toEqual(['mine.txt']);
  });

  test('for another kind of seller', async () => {
    await expect(make(inside('java-shop'), '--seller', 'java')).rejects.toMatchObject({ id: 'problem.choice' });
  });

  test('from a folder without a pair of tarballs', async () => {
    const half = tarballs('half', 'koogate-1.0.0.tgz', 'koogate-dev-1.1.0.tgz');
    await expect(make(inside('shop'), '--koogate', half)).rejects.toMatchObject({ id: 'new.no-tarballs' });
    await expect(make(inside('shop'), '--koogate', inside('nowhere'))).rejects.toMatchObject({ id: 'new.no-tarballs' });
    expect(existsSync(inside('shop'))).toBe(false);
  });

  test('without a folder, with its help and the exit code of a wrong use', async () => {
    expect(await make()).toBe(2);
    expect(said.at(-1)).toContain('koogate new FOLDER');
    expect(await make('--help')).toBe(0);
  });
});

test('the newest pair of tarballs is taken, by number and not by text', async () => {
  const pairs = ['0.9.0', '0.10.0', '0.2.11'].flatMap((version) => [
    `koogate-${version}.tgz`,
    `koogate-dev-${version}.tgz`,
  ]);
  const { version, specifiersFor } = releaseIn(tarballs('all', ...pairs));
  expect(version).toBe('0.10.0');
  expect(specifiersFor(inside('some-shop'))).toEqual({
    library: 'file:../all/koogate-0.10.0.tgz',
    tools: 'file:../all/koogate-dev-0.10.0.tgz',
  });
  expect(['1.0.0', '0.9.10', '0.9.9', '0.10.0'].toSorted(ascending)).toEqual(['0.9.9', '0.9.10', '0.10.0', '1.0.0']);
});
