import { expect, test } from '@jest/globals';
import { bodySign } from '../../lib/protocol/body-sign.ts';
import { encryptOaep } from '../../lib/protocol/oaep.ts';
import { verifyQuery } from '../../lib/protocol/query-signature.ts';
import { call, openCredential, signCall } from '../../scripts/marketplace/signed-calls.ts';
import { listen } from '../support/listen.ts';
import { rsaPair } from '../support/rsa.ts';

/*
 * KooGate's protocol code and the marketplace's side of demo and end-to-end tests share nothing: here they meet.
 */

test('KooGate verifies what the marketplace signs', () => {
  const { url, body } = signCall('http://gate/produce/demo', 'key', { b: '1', a: '云' }, 1_700_000_000_000);
  const query = new URL(url).searchParams;
  expect(body).toBe('{"a":"云","b":"1"}');
  const verified = verifyQuery({
    keys: [{ keyClass: 'base', key: 'key' }],
    raw: Buffer.from(body),
    signature: query.get('signature') ?? '',
    timestamp: query.get('timestamp') ?? '',
    nonce: query.get('nonce') ?? '',
  });
  expect(verified?.key).toBe('key');
});

test('the marketplace opens what KooGate encrypts', () => {
  const { publicKey, privateKey } = rsaPair();
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(openCredential(pem, encryptOaep(publicKey, '密码', 'sha256', 'sha256'))).toBe('密码');
});

test("the marketplace holds KooGate's Body-Sign for right, and no other", async () => {
  const answers = ['{"resultCode":"000000"}', '{"resultCode":"000000"} '];
  const { url, close } = await listen((_request, _body, response) => {
    response.setHeader('Body-Sign', bodySign('key', '{"resultCode":"000000"}')).end(answers.shift());
  });
  expect((await call(url, 'key', {})).bodySignHolds).toBe(true);
  expect((await call(url, 'key', {})).bodySignHolds).toBe(false);
  await close();
});
