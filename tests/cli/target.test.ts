import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { findLocalData } from '../../scripts/cli/terminal/running.ts';
import { readKeys, readTarget } from '../../scripts/cli/terminal/target.ts';
import { temporaryFolder } from '../support/command.ts';
import { koogate } from './desk.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** A data folder on which a KooGate runs, or seems to: its process is this one unless another is named. */
function dataFolder(name: string, run: object = {}): string {
  const data = join(folder.path, name);
  mkdirSync(data, { recursive: true });
  const secrets = join(data, 'keys.json');
  const products = {
    crm: { accessKeys: { base: ['crm-key'] } },
    erp: { accessKeys: { base: ['erp-key'] } },
  };
  writeFileSync(secrets, JSON.stringify({ products }));
  const standing = {
    pid: process.pid,
    route: 'http://127.0.0.1:1/produce',
    endpoint: 'http://127.0.0.1:2',
    table: 'koogate-local',
    secrets,
    products: [
      { id: 'crm', name: 'crm-next', families: ['saas-v2'] },
      { id: 'erp', name: 'erp', families: ['saas-v2'] },
    ],
  };
  writeFileSync(join(data, 'run.json'), JSON.stringify({ ...standing, ...run }));
  return data;
}

const KOOGATE_DATA = dataFolder('running');

describe('without --at', () => {
  test.each([
    ['its name', 'crm-next', 'crm-next', 'crm-key'],
    ['its id, where the name is another', 'crm', 'crm-next', 'crm-key'],
    ['a name that is the id', 'erp', 'erp', 'erp-key'],
  ])('a product of the KooGate that runs here is found by %s', (_, product, name, key) => {
    const target = readTarget({ product }, { KOOGATE_DATA });
    expect(target.at).toBe(`http://127.0.0.1:1/produce/${name}`);
    expect(target.ring).toEqual({ base: [key] });
    expect(target.local).toMatchObject({ running: { table: 'koogate-local' }, id: product === 'erp' ? 'erp' : 'crm' });
  });

  test('the other product, at which its keys must not hold, is one that takes the same calls', () => {
    const products = [
      { id: 'erp', name: 'erp', families: ['license-2'] },
      { id: 'crm', name: 'crm', families: ['saas-v2', 'order-notify'] },
      { id: 'hr', name: 'hr', families: ['order-notify', 'saas-v2'] },
    ];
    const secrets = join(folder.path, 'three.json');
    const keys = Object.fromEntries(products.map(({ id }) => [id, { accessKeys: { base: [`${id}-key`] } }]));
    writeFileSync(secrets, JSON.stringify({ products: keys }));
    const KOOGATE_DATA = dataFolder('others', { products, secrets });
    expect(readTarget({ product: 'crm' }, { KOOGATE_DATA }).otherAt).toBe('http://127.0.0.1:1/produce/hr');
  });

  test('the only product needs no name', () => {
    const data = dataFolder('one', { products: [{ id: 'erp', name: 'erp' }] });
    expect(readTarget({}, { KOOGATE_DATA: data }).at).toBe('http://127.0.0.1:1/produce/erp');
  });

  test('the data folder is .local of the project at or above the current folder', () => {
    const project = join(folder.path, 'shop');
    mkdirSync(join(project, 'src'), { recursive: true });
    writeFileSync(join(project, 'koogate.config.ts'), '');
    dataFolder('shop/.local');
    const found = findLocalData({}, join(project, 'src'));
    expect([found.folder, found.running?.route]).toEqual([join(project, '.local'), 'http://127.0.0.1:1/produce']);
  });

  test.each([
    ['nothing has ever run', { KOOGATE_DATA: '/nowhere' }],
    ['what ran is gone', { KOOGATE_DATA: dataFolder('gone', { pid: 2 ** 30 }) }],
  ])('%s: one sentence says how to start it', async (_, env) => {
    for (const command of [
      ['certify', '--product-kind', 'saas-once'],
      ['chaos'],
      ['simulate', 'newInstance'],
      ['curl'],
    ]) {
      const { code, out, notes } = await koogate(command, { env });
      expect([code, out, notes.split('\n').length]).toEqual([2, '', 1]);
      expect(notes).toContain(`No KooGate runs on the data in ${env.KOOGATE_DATA}: start one with "npm start"`);
    }
  });

  test.each([
    [['--product', 'nobody'], 'There is no product "nobody". Known are: crm-next, erp.'],
    [[], 'Say which product is meant: --product with one of crm-next, erp'],
  ])('%j lists the products', async (args, sentence) => {
    const { code, notes } = await koogate(['simulate', 'newInstance', ...args], { env: { KOOGATE_DATA } });
    expect([code, notes]).toEqual([2, expect.stringContaining(sentence)]);
  });
});

test('with --at, a KooGate that runs here is known by its address, and one elsewhere is not', () => {
  const here = readTarget({ at: 'http://127.0.0.1:1/produce/crm-next' }, { KOOGATE_DATA });
  expect([here.ring, here.local?.id]).toEqual([{ base: ['crm-key'] }, 'crm']);
  const there = readTarget({ at: 'https://seller.example.com/saas', key: ['base=k'] }, { KOOGATE_DATA });
  expect([there.ring, there.local]).toEqual([{ base: ['k'] }, undefined]);
});

test('keys alone are found without anything that runs, and an unknown product lists the known', () => {
  const data = dataFolder('still', { pid: 2 ** 30 });
  const secrets = join(data, 'keys.json');
  expect(readKeys({ product: 'erp', secrets }, { KOOGATE_DATA: data }).ring).toEqual({ base: ['erp-key'] });
  expect(() => readKeys({ product: 'nobody', secrets }, { KOOGATE_DATA: data })).toThrow(
    expect.objectContaining({ id: 'problem.product', values: { given: 'nobody', choices: 'crm, erp' } }),
  );
});

test.each([['chaos'], ['certify', '--product-kind', 'saas-period']])(
  '%s stops at the first connection refused, with one sentence',
  async (...command) => {
    const env = { KOOGATE_DATA };
    const { code, out, notes } = await koogate([...command, '--product', 'erp', '--lang', 'zh'], { env });
    expect([code, out]).toEqual([1, '']);
    expect(notes).toBe('koogate: http://127.0.0.1:1/produce/erp 无人应答（连接被拒绝）：请先启动服务器，或检查 --at。');
  },
);
