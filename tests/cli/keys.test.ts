import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rsaPair } from '../support/rsa.ts';
import { koogate } from './desk.ts';

const folder = mkdtempSync(join(tmpdir(), 'koogate-keys-'));
const at = (name: string) => join(folder, name);

test('an access key is a lower-case UUID, a new one each time', async () => {
  const [one, two] = [await koogate(['keys', 'access']), await koogate(['keys', 'access'])];
  expect(one.out).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(one.out).not.toBe(two.out);
});

test('a pair lies in files for the owner alone, and the console form is its public key in one line', async () => {
  const { out, code } = await koogate(['keys', 'rsa', '--out', at('app'), '--json']);
  expect(code).toBe(0);
  const consoleForm: string = JSON.parse(out).console;
  const privateKey = createPrivateKey(readFileSync(at('app.private.pem')));
  expect(privateKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect(statSync(at('app.private.pem')).mode & 0o777).toBe(0o600);
  expect(consoleForm).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  expect(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')).toBe(consoleForm);
  writeFileSync(at('console.txt'), consoleForm);
  for (const file of ['app.private.pem', 'app.public.pem', 'console.txt']) {
    expect((await koogate(['keys', 'check', at(file)])).code).toBe(0);
  }
  const again = await koogate(['keys', 'rsa', '--out', at('app')]);
  expect(again.code).toBe(2);
  expect(again.notes).toContain('Nothing was overwritten');
});

test('small pairs are neither made nor found good', async () => {
  expect((await koogate(['keys', 'rsa', '--bits', '2048'])).code).toBe(2);
  const small = rsaPair(2048).publicKey;
  writeFileSync(at('small.pem'), small.export({ type: 'spki', format: 'pem' }));
  const { code, out } = await koogate(['keys', 'check', at('small.pem')]);
  expect(out).toContain('2048 bit');
  expect(code).toBe(1);
  writeFileSync(at('nothing.pem'), 'nothing');
  expect((await koogate(['keys', 'check', at('nothing.pem')])).code).toBe(2);
});

test('a secrets file has the documented shape and is never overwritten', async () => {
  const file = at('secrets.json');
  expect((await koogate(['keys', 'secrets', '--product', 'demo', '--out', file])).code).toBe(0);
  const secrets = JSON.parse(readFileSync(file, 'utf8'));
  expect(Object.keys(secrets)).toEqual(['products', 'sealing', 'marketplace', 'seller']);
  expect(secrets.products.demo.accessKeys.base).toHaveLength(2);
  expect(createPrivateKey(secrets.marketplace.privateKey).asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect(secrets.seller.secret).toMatch(/^whsec_/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await koogate(['keys', 'secrets', '--product', 'demo', '--out', file])).code).toBe(2);
});
