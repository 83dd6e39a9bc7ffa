import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { jwtVerify } from 'jose';
import { context, instance } from '../seller/hooks.ts';
import { issueLicense } from './license-seller.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const secret = async () => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const application = {
  instance,
  eventId: 'evt-1',
  effectiveAt: new Date('2025-01-01'),
  expiresAt: new Date('2099-01-01'),
  deviceFingerprint: 'D1',
};

test('the seller of docs/license.md issues what verifies offline, and the same again', async () => {
  const issued = await issueLicense(application, context({ secret }));
  if (!('license' in issued)) throw new Error('There is no licence.');
  const { payload } = await jwtVerify(issued.license, publicKey, { issuer: 'acme', algorithms: ['EdDSA'] });
  expect(payload).toMatchObject({ sub: instance.instanceId, device: 'D1', jti: 'evt-1' });
  expect(await issueLicense(application, context({ secret, attempt: 2 }))).toEqual(issued);
});

test('it turns down who names no device', async () => {
  const { deviceFingerprint: _, ...nameless } = application;
  expect(await issueLicense(nameless, context({ secret }))).toEqual({ refused: { resultCode: '000903' } });
});

test('docs/license.md shows it word for word', () => {
  const snippet = readFileSync(new URL('license-seller.ts', import.meta.url), 'utf8').trim();
  expect(readFileSync(new URL('../../docs/license.md', import.meta.url), 'utf8')).toContain(snippet);
});
