import { expect, test } from '@jest/globals';
import { demoSeller } from '../../lib/seller/demo.ts';
import { products } from '../../lib/seller/index.ts';

test('products are sold: one with encrypted credentials, one as the V2.0 documents have it, one of joint operation', () => {
  expect([...products.keys()]).toEqual(expect.arrayContaining(['demo', 'plain', 'kit']));
  expect(products.get('kit')?.families).toEqual(expect.arrayContaining(['saas-v2', 'kit-v2', 'kit-v1']));
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
