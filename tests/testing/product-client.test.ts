import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { defineProducts } from '../../lib/config/products.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { newAccessKeys } from '../../scripts/testing/keys.ts';
import { ProductClient } from '../../scripts/testing/product-client.ts';
import { chosen } from '../../scripts/testing/products.ts';

const products = defineProducts({
  demo: { seller: demoSeller, credentials: { scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' } },
});
const keys = newAccessKeys();
const body = '{"resultCode":"000000","resultMsg":"success."}';

function client(headers: Record<string, string>): ProductClient {
  return new ProductClient(
    chosen(products, 'demo'),
    async () => ({ statusCode: 200, headers, body }),
    keys,
    () => 1,
  );
}

function bodySign(key: string): Record<string, string> {
  const signature = createHmac('sha256', key).update(body).digest('base64');
  return { 'Body-Sign': `sign_type="HMAC-SHA256", signature= "${signature}"` };
}

test('takes an answer that the key of the call has signed, and no other', async () => {
  const call = { activity: 'queryInstance' };
  expect(await client(bodySign(keys.base)).send(call)).toMatchObject({ resultCode: '000000', status: 200 });
  await expect(client(bodySign(keys.kit)).send(call)).rejects.toThrow('a Body-Sign that is foreign');
  await expect(client({}).send(call)).rejects.toThrow('a Body-Sign that is missing');
});

test('takes no credentials that it cannot open', () => {
  expect(() => client({}).open({ frontEndUrl: 'https://example.com', password: 'in the clear' }, undefined)).toThrow(
    'cannot be opened with rsa-oaep',
  );
});
