import { describe, expect, test } from '@jest/globals';
import { defineProducts, productsByPath } from '../../lib/config/products.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';

const seller = demoSeller;

test('a product needs no more than a seller; the rest has defaults', () => {
  expect(defineProducts({ demo: { seller } }).get('demo')).toMatchObject({
    name: 'demo',
    families: ['saas-v2', 'order-notify'],
    credentials: { scheme: 'plain' },
    fulfilment: 'async',
  });
});

test('V1.0 encrypts with AES-256 unless the other size is chosen', () => {
  const products = defineProducts({
    one: { seller, families: ['saas-v1'] },
    two: { seller, families: ['saas-v1', 'saas-v2'], credentials: { scheme: 'aes-128' } },
  });
  expect([...products.values()].map(({ credentials }) => credentials.scheme)).toEqual(['aes-256', 'aes-128']);
});

test.each([
  ['a name with capitals', { Demo: { seller } }, /"Demo".*lower-case/],
  ['a name with a hash', { 'a#b': { seller } }, /"a#b"/],
  ['a hook time-out in seconds', { demo: { seller, hookTimeout: 30 } }, /hookTimeout is in milliseconds/],
  ['no window', { demo: { seller, provisionWindow: 0 } }, /provisionWindow/],
  ['no window for reads', { demo: { seller, v1ReadWindow: 0 } }, /v1ReadWindow/],
  [
    'V1.0 in the clear',
    { demo: { seller, families: ['saas-v1' as const], credentials: { scheme: 'plain' as const } } },
    /"demo": V1\.0 encrypts credentials with AES/,
  ],
  [
    'a key size of V1.0 that is none',
    { demo: { seller, credentialsV1: { scheme: 'plain' as 'aes-128' } } },
    /"demo": credentialsV1 is the key size of V1\.0/,
  ],
  ['no family', { demo: { seller, families: [] } }, /families is empty/],
  [
    'a login over plain HTTP',
    { demo: { seller, login: { appId: 'a', callbackUrl: 'http://x.example.com/', siteUrl: 'https://x.example.com' } } },
    /"demo": login\.callbackUrl must begin with https/,
  ],
  [
    'a site that is no address',
    { demo: { seller, login: { appId: 'a', callbackUrl: 'https://x.example.com/', siteUrl: 'x.example.com' } } },
    /"demo": login\.siteUrl is not an address/,
  ],
  ['an unknown site', { demo: { seller, site: 'mars' } }, /"demo": site must be one of china, .*"mars"/],
  ['no product', {}, /koogate\.config\.ts/],
])('refuses %s with a sentence that says what to change', (_, settings, sentence) => {
  expect(() => defineProducts(settings)).toThrow(sentence);
});

describe('the identity of a product', () => {
  test('is its name, unless it was renamed or another id is given', () => {
    const products = defineProducts({
      one: { seller },
      two: { seller, formerNames: ['first', 'second'] },
      three: { seller, id: 'own-id', formerNames: ['former'] },
    });
    expect([...products].map(([key, { id, name }]) => [key, id, name])).toEqual([
      ['one', 'one', 'one'],
      ['first', 'first', 'two'],
      ['own-id', 'own-id', 'three'],
    ]);
  });

  test('leads from its name and from its former names, and from nothing else', () => {
    const products = defineProducts({ two: { seller, id: 'own-id', formerNames: ['first', 'second'] } });
    expect([...productsByPath(products).keys()]).toEqual(['two', 'first', 'second']);
  });

  test.each([
    ['an id twice', { a: { seller, id: 'x' }, b: { seller, id: 'x' } }, /"a" and "b" have the same id "x"/],
    [
      'a former name that is sold',
      { a: { seller }, b: { seller, id: 'b', formerNames: ['a'] } },
      /both lead from the address "a"/,
    ],
    ['an id with capitals', { a: { seller, id: 'A' } }, /its id "A"/],
    ['a former name with a slash', { a: { seller, formerNames: ['b/c'] } }, /former name "b\/c"|its id "b\/c"/],
    ['a backend over plain HTTP', { a: { backend: 'http://x.example.com' } }, /"a": backend must begin with https/],
  ])('is refused for %s', (_, settings, sentence) => {
    expect(() => defineProducts(settings)).toThrow(sentence);
  });

  test('a product that only a backend serves has hooks that say so', async () => {
    const product = defineProducts({ a: { backend: 'https://x.example.com' } }).get('a');
    const release = product?.seller.release as unknown as () => Promise<void>;
    await expect(release()).rejects.toThrow(/"a" has neither a seller nor, in this stage, a backend/);
  });
});
