import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ensureLocalSecrets, type LocalSecrets, type Sold } from '../../scripts/dev/local-secrets.ts';
import { temporaryFolder } from '../support/command.ts';

const sold = (id: string, families: Sold['families'] = ['saas-v2', 'order-notify']): Sold => ({ id, families });

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('given no secrets file and no data', () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'new', 'secrets.json');
  let secrets: LocalSecrets;

  beforeAll(async () => {
    secrets = await ensureLocalSecrets(path, [sold('demo'), sold('plain')], false);
  });
  afterAll(folder.remove);

  test('the first run writes a file that only its owner can read', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(secrets);
  });

  test('every product has two keys of each class, all different', () => {
    const keys = ['demo', 'plain'].flatMap((name) => {
      const { base = [], general = [] } = secrets.products[name]?.accessKeys ?? {};
      expect([base.length, general.length]).toEqual([2, 2]);
      return [...base, ...general];
    });
    expect(new Set(keys).size).toBe(8);
    for (const key of keys) expect(key).toMatch(UUID);
  });

  test("the marketplace's pair and the sealing pairs are RSA of 3072 bit", () => {
    const sealing = [...secrets.sealing.credentials, ...secrets.sealing.personal].map(({ privateKey }) => privateKey);
    for (const key of [secrets.marketplace.privateKey, ...sealing]) {
      expect(key).toContain('BEGIN PRIVATE KEY'); // PKCS#8
      expect(createPrivateKey(key).asymmetricKeyDetails?.modulusLength).toBe(3072);
    }
    expect(sealing[0]).not.toBe(sealing[1]);
  });

  test('a later run with one product more adds its keys and changes nothing else', async () => {
    const later = await ensureLocalSecrets(path, [sold('demo'), sold('extra')], true);
    expect(later.products.extra?.accessKeys.base).toHaveLength(2);
    expect({ ...later, products: { ...later.products, extra: undefined } }).toEqual(secrets);
    expect(await ensureLocalSecrets(path, [sold('demo'), sold('extra')], true)).toEqual(later);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

test('a product of a further site adds an account for it, and later runs keep it', async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'secrets.json');
  const before = await ensureLocalSecrets(path, [sold('one'), { ...sold('home'), site: 'china' }], false);
  expect(before.marketplace.sites).toBeUndefined();
  const products = [sold('one'), { ...sold('two'), site: 'europe' }];
  const { marketplace } = await ensureLocalSecrets(path, products, true);
  const { accessKeyId, secretAccessKey } = before.marketplace;
  expect(marketplace).toMatchObject({ accessKeyId, secretAccessKey });
  expect(Object.keys(marketplace.sites ?? {})).toEqual(['europe']);
  expect(marketplace.sites?.europe?.secretAccessKey).not.toBe(secretAccessKey);
  expect((await ensureLocalSecrets(path, products, true)).marketplace).toEqual(marketplace);
  folder.remove();
});

test('a product with a Kit family has keys of its class, the private key of its credential, and a sealing pair', async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'secrets.json');
  const before = await ensureLocalSecrets(path, [sold('kit')], false);
  const after = await ensureLocalSecrets(path, [sold('kit', ['saas-v2', 'order-notify', 'kit-v2'])], true);
  expect(before.products.kit?.accessKeys).not.toHaveProperty('kit');
  expect(after.products.kit?.accessKeys).toEqual({
    ...before.products.kit?.accessKeys,
    kit: [expect.stringMatching(UUID), expect.any(String)],
  });
  expect(createPrivateKey(after.products.kit?.kitPrivateKey ?? '').asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect(after.sealing.kit).toHaveLength(1);
  expect(await ensureLocalSecrets(path, [sold('kit', ['kit-v1'])], true)).toEqual(after);
  folder.remove();
});

describe('given data', () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);

  test('a missing secrets file is refused with what to do, and none is written', async () => {
    const path = join(folder.path, 'secrets.json');
    await expect(ensureLocalSecrets(path, [sold('demo')], true)).rejects.toThrow(/Put the file back \(KOOGATE_SECRETS/);
    expect(() => statSync(path)).toThrow();
  });

  test('a file without sealing keys is refused too', async () => {
    const path = join(folder.path, 'unsealed.json');
    writeFileSync(path, '{"products":{}}');
    await expect(ensureLocalSecrets(path, [sold('demo')], true)).rejects.toThrow('no sealing keys in');
    expect(readFileSync(path, 'utf8')).toBe('{"products":{}}');
  });
});

test.each([
  ['not JSON', 'cannot be read'],
  ['{"products":{"demo":{"accessKeys":{"base":"one"}}}}', 'products.demo.accessKeys.base'],
])('given the file %s, it says what is wrong', async (content, complaint) => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'secrets.json');
  writeFileSync(path, content);
  await expect(ensureLocalSecrets(path, [sold('demo')], false)).rejects.toThrow(complaint);
  folder.remove();
});
