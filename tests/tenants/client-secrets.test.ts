import { expect, test } from '@jest/globals';
import { defineProducts } from '../../lib/config/products.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { createSecrets } from '../../lib/secrets/create.ts';
import { SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import { clientSecretOpener } from '../../lib/tenants/client-secrets.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { pair, rsaPair } from '../secrets/fixture.ts';
import { encryptSecret } from '../support/kit.ts';

const newer = rsaPair();
const product = defineProducts({ kit: { seller: demoSeller } }).get('kit');
if (product === undefined) throw new Error('There is no product kit.');

function opener(privateKey: unknown) {
  const source = async () => JSON.stringify({ privateKey });
  return clientSecretOpener(createSecrets(source, { maxAge: 1_000, clock: () => 0 }));
}

test('a secret is opened by the newest key, or by an older one that stands behind it', async () => {
  const open = opener(`${newer.privateKey}\n${pair.privateKey}`);
  expect(await open(product, encryptSecret(newer.publicKey, 'for the newer'))).toBe('for the newer');
  expect(await open(product, encryptSecret(pair.publicKey, 'for the older'))).toBe('for the older');
  await expect(open(product, encryptSecret(rsaPair().publicKey, 'x'))).rejects.toMatchObject({ resultCode: '000101' });
  await expect(open(product, 'x')).rejects.toThrow(Refusal);
});

test('a product whose secrets hold no key is named', async () => {
  const open = clientSecretOpener({ kit: async () => [] });
  await expect(open(product, encryptSecret(pair.publicKey, 'x'))).rejects.toThrow('Product "kit" has no private key');
});

test.each([
  ['nothing', ''],
  ['a public key', pair.publicKey],
  ['a key of 2048 bit', rsaPair(2048).privateKey],
  ['a list', [pair.privateKey]],
])('%s in the place of the private key is named, not repeated', async (_, privateKey) => {
  const error = await opener(privateKey)(product, 'x').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SecretsUnavailable);
  expect(String(error)).toContain('products/kit/kit');
  expect(String(error)).not.toContain('MII');
});
