import { expect, test } from '@jest/globals';
import { verifyKitToken } from '../../lib/protocol/kit/auth-token.ts';
import { openClientSecret } from '../../lib/protocol/kit/client-secret.ts';
import { readKitHeaders, verifyKit } from '../../lib/protocol/kit/x-sign.ts';
import { importPrivateKey } from '../../lib/protocol/oaep.ts';
import { sealClientSecret, signKit } from '../../scripts/marketplace/signed-calls.ts';
import { pair } from '../secrets/fixture.ts';

const NOW = 1_756_719_005_123;
const keys = [{ keyClass: 'kit' as const, key: 'the-key' }];
const message = {
  tenantId: 't',
  instanceId: '',
  flag: 1,
  name: '企业/"',
  orgInfoList: [{ orgCode: '1', orgName: 'a' }],
};

test('a V2 call of the marketplace’s side is taken by ours', () => {
  const { url, body, headers } = signKit('http://x/produce/kit', 'the-key', ['v2', 'tenantSync'], message, NOW);
  expect(url).toBe('http://x/produce/kit/produceAPI/v2/tenantSync');
  expect(JSON.parse(body)).toEqual({ ...message, timeStamp: '20250901173005123' });
  expect(verifyKit({ keys, raw: Buffer.from(body), ...readKitHeaders(headers) })).toMatchObject({ key: 'the-key' });
});

test('a V1 call of the marketplace’s side is taken by ours', () => {
  const { url, body, headers } = signKit('http://x/produce/kit', 'the-key', ['v1', 'allOrgSync'], message, NOW);
  expect(url).toBe('http://x/produce/kit/produceAPI/allOrgSync');
  expect(verifyKitToken({ keys, raw: Buffer.from(body), headers })).toMatchObject({ key: 'the-key', sentAt: NOW });
});

test('a client secret that the marketplace’s side has closed is opened by ours', () => {
  expect(openClientSecret(importPrivateKey(pair.privateKey), sealClientSecret(pair.privateKey, 'sécret'))).toBe(
    'sécret',
  );
});
