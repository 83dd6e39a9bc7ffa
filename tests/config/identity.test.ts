import { expect, test } from '@jest/globals';
import { defineConfig } from '../../lib/config/config.ts';
import { defineProducts, productsByPath } from '../../lib/config/products.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';

const seller = demoSeller;

test.each([
  ['its name', { crm: { seller } }, 'crm'],
  ['its first name, once it has been renamed', { crm: { seller, formerNames: ['crm-beta', 'crm-old'] } }, 'crm-beta'],
  ['what is stated', { crm: { seller, id: 'c-1', formerNames: ['crm-beta'] } }, 'c-1'],
] as const)('the id of a product is %s', (_, settings, id) => {
  expect([...defineProducts(settings).keys()]).toEqual([id]);
});

test('every name that a product has had leads to it', () => {
  const products = defineProducts({ crm: { seller, formerNames: ['crm-beta', 'crm'] }, erp: { seller } });
  const paths = [...productsByPath(products)].map(([segment, { id }]) => [segment, id]);
  expect(paths).toEqual([
    ['crm', 'crm-beta'],
    ['crm-beta', 'crm-beta'],
    ['erp', 'erp'],
  ]);
});

test.each([
  ['the id of another', { crm: { seller }, erp: { seller, id: 'crm' } }, /"crm" and "erp" have the same id "crm"/],
  [
    'the former name of another as its first',
    { erp: { seller, formerNames: ['crm'] }, pos: { seller, formerNames: ['crm'] } },
    /"erp" and "pos" have the same id "crm"/,
  ],
  [
    'the name of another among its former ones',
    { crm: { seller }, erp: { seller, id: 'e', formerNames: ['crm'] } },
    /"crm" and "erp" both lead from the address "crm": take it out of the formerNames of one/,
  ],
  ['an id with a hash', { crm: { seller, id: 'a#b' } }, /its id "a#b" must have/],
  [
    'a former name with a slash',
    { crm: { seller, id: 'crm', formerNames: ['a/b'] } },
    /its former name "a\/b" must have/,
  ],
] as const)('a product with %s is refused', (_, settings, sentence) => {
  expect(() => defineProducts(settings)).toThrow(sentence);
});

test('an id cannot be sold and retired at once', () => {
  const products = { 'crm-next': { seller, formerNames: ['crm'] } };
  expect(() => defineConfig({ service: 'shop', products, retired: ['crm'], stages: {} })).toThrow(
    'retired names "crm", which products has too',
  );
});
