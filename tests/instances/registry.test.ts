import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Config, defineConfig } from '../../lib/config/config.ts';
import { checkRegistry, ProductsMissing, registerProducts } from '../../lib/instances/registry.ts';
import { readItem } from '../../lib/instances/write.ts';
import type { Table } from '../../lib/table/table.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { startTable, type TestTable } from '../support/table.ts';

const FIRST = new Date('2025-09-01T00:00:00Z');
const LATER = new Date('2025-10-01T00:00:00Z');
const KEY = { pk: 'REGISTRY', sk: 'REGISTRY' };

let running: TestTable;
let table: Table;
beforeAll(async () => {
  running = await startTable();
  table = running.table;
});
afterAll(() => running.stop());

interface Settings {
  readonly products: Readonly<Record<string, { readonly formerNames?: readonly string[] }>>;
  readonly retired?: readonly string[];
}

function shop({ products, ...more }: Settings): Config {
  const sold = Object.entries(products).map(([name, own]) => [name, { seller: demoSeller, ...own }]);
  return defineConfig({ service: 'shop', products: Object.fromEntries(sold), stages: {}, ...more });
}

const both = shop({ products: { crm: {}, erp: {} } });

test('a table that has served nothing takes any settings, and keeps the ids with their day', async () => {
  await checkRegistry(table, both);
  expect(await readItem(table, KEY)).toBeUndefined();
  await registerProducts(table, both, FIRST);
  expect(await readItem(table, KEY)).toEqual({
    ...KEY,
    type: 'registry',
    products: { crm: FIRST.toISOString(), erp: FIRST.toISOString() },
    version: 1,
  });
});

test('the same settings write nothing, and a new product is added', async () => {
  await registerProducts(table, both, LATER);
  expect(await readItem(table, KEY)).toMatchObject({ version: 1 });
  await registerProducts(table, shop({ products: { crm: {}, erp: {}, pos: {} } }), LATER);
  expect(await readItem(table, KEY)).toMatchObject({
    products: { crm: FIRST.toISOString(), pos: LATER.toISOString() },
    version: 2,
  });
});

test('settings that lack a product are refused, with what to write', async () => {
  const renamed = shop({ products: { 'crm-next': {}, erp: {}, pos: {} } });
  const sentence =
    /has served the product "crm", which koogate\.config\.ts lacks.*formerNames: \['crm'\].*retired: \['crm'\]/;
  for (const look of [checkRegistry(table, renamed), registerProducts(table, renamed, LATER)]) {
    await expect(look).rejects.toThrow(ProductsMissing);
  }
  await expect(checkRegistry(table, renamed)).rejects.toThrow(sentence);
  expect(await readItem(table, KEY)).toMatchObject({ version: 2 });
});

test('settings that lack several products are told of all', async () => {
  const look = checkRegistry(table, shop({ products: { pos: {} } }));
  await expect(look).rejects.toThrow(/has served the products "crm", "erp", which/);
});

test('a product that was renamed with its former name, and one that is retired, are no longer missing', async () => {
  const kept = shop({ products: { 'crm-next': { formerNames: ['crm'] }, pos: {} }, retired: ['erp'] });
  await registerProducts(table, kept, LATER);
  expect(await readItem(table, KEY)).toMatchObject({ version: 2 });
});

/** A shop that sells one product beside crm, and no longer what other tests here have sold. */
const selling = (name: string) => {
  const sold = ['erp', 'pos', 'a', 'b', 'c', 'd', 'x1', 'x2', 'x3', 'x4', 'x5'];
  return shop({ products: { crm: {}, [name]: {} }, retired: sold.filter((other) => other !== name) });
};

test('several that start at the same time lose nothing of each other', async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => registerProducts(table, selling(name), LATER)));
  const item = await readItem<{ readonly products: object } & typeof KEY>(table, KEY);
  expect(Object.keys(item?.products ?? {}).sort()).toEqual(['a', 'b', 'c', 'crm', 'd', 'erp', 'pos']);
});

test('a registry that changes under every write is given up with a sentence', async () => {
  let writes = 0;
  const send: Table['client']['send'] = async (command: object, ...more: unknown[]) => {
    if (command.constructor.name === 'PutItemCommand') {
      writes += 1;
      await registerProducts(table, selling(`x${writes}`), LATER);
    }
    return Reflect.apply(table.client.send, table.client, [command, ...more]);
  };
  const raced = registerProducts({ client: { send }, name: table.name }, selling('last'), LATER);
  await expect(raced).rejects.toThrow('changed under 5 writes in a row: start again');
  expect(writes).toBe(5);
});
