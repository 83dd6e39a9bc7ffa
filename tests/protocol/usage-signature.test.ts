import { expect, test } from '@jest/globals';
import { sortedJson } from '../../lib/protocol/sorted-json.ts';
import { signUsagePush } from '../../lib/protocol/usage-signature.ts';
import { vectorsOf } from '../support/vectors.ts';

test.each(vectorsOf('usage-push-signature'))('gives the published value: $id', ({ keys, inputs, expected }) => {
  expect(signUsagePush(keys.accessKey, inputs)).toBe(expected.signature);
});

test('of a body sorted at every depth is that of the form to send', () => {
  const vectors = new Map(vectorsOf('usage-push-signature').map((vector) => [vector.id, vector]));
  const sorted = vectors.get('usage-push-sorted-every-depth');
  const { body = '' } = vectors.get('usage-push-top-level-sorted-only')?.inputs ?? {};
  expect(sortedJson(JSON.parse(body))).toBe(sorted?.inputs.body);
});

test('depends on time, nonce, body and key', () => {
  const push = { ts: '1', nonce: 'n', body: '{}' };
  const signatures = [
    signUsagePush('k', push),
    signUsagePush('other', push),
    signUsagePush('k', { ...push, ts: '2' }),
    signUsagePush('k', { ...push, nonce: 'm' }),
    signUsagePush('k', { ...push, body: '{} ' }),
  ];
  expect(new Set(signatures).size).toBe(signatures.length);
});
