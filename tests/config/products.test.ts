import { expect, test } from '@jest/globals';
import { defineProducts } from '../../lib/config/products.ts';
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
  [
    'V1.0 in the clear',
    { demo: { seller, families: ['saas-v1' as const], credentials: { scheme: 'plain' as const } } },
    /"demo": V1\.0 encrypts credentials with AES/,
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
  ['no product', {}, /koogate\.config\.ts/],
])('refuses %s with a sentence that says what to change', (_, settings, sentence) => {
  expect(() => defineProducts(settings)).toThrow(sentence);
});
