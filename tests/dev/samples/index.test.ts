import { expect, test } from '@jest/globals';
import { defineProducts } from '../../../lib/config/products.ts';
import { demoSeller } from '../../../scripts/dev/samples/demo.ts';
import { samples } from '../../../scripts/dev/samples/index.ts';

const products = defineProducts(samples);

test('a product of each family is sold', () => {
  expect([...products.keys()]).toEqual(expect.arrayContaining(['demo', 'plain', 'kit']));
  expect(products.get('kit')?.families).toEqual(expect.arrayContaining(['saas-v2', 'kit-v2', 'kit-v1']));
  expect(products.get('legacy')).toMatchObject({ families: ['saas-v1', 'kit-v1'], credentials: { scheme: 'aes-256' } });
  expect(products.get('license')?.families).toContain('license-2');
  expect(products.get('online-license')?.families).toContain('license-online');
  expect(products.get('model')?.families).toContain('maas');
  expect(products.get('demo')).toMatchObject({
    seller: demoSeller,
    fulfilment: 'async',
    credentials: { scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' },
  });
  expect(products.get('plain')).toMatchObject({
    seller: demoSeller,
    fulfilment: 'async',
    credentials: { scheme: 'plain' },
  });
});
