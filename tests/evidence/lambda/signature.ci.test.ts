import { expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../../lib/sha256.ts';
import { type SignedRequest, verifySignature } from '../../../scripts/evidence/lambda/signature.ts';

const CREDENTIALS = { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token', role: 'ProduceRole' };
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A request that the SDK's own signer has signed. */
async function signed(secretAccessKey = 'secret'): Promise<SignedRequest> {
  const body = Buffer.from('{"TableName":"shop-dev"}');
  const signer = new SignatureV4({
    service: 'dynamodb',
    region: 'eu-west-1',
    sha256: Sha256,
    credentials: { ...CREDENTIALS, secretAccessKey },
  });
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/',
    headers: { host: '127.0.0.1:8000', 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    body: body.toString(),
  };
  const { headers } = await signer.sign(request, { signingDate: new Date(NOW) });
  return { method: 'POST', path: '/', headers, body };
}

const rules = (more = {}) => ({
  service: 'dynamodb',
  region: 'eu-west-1',
  credentials: new Map([[CREDENTIALS.accessKeyId, CREDENTIALS]]),
  now: NOW,
  ...more,
});

test('a request that the SDK signed names its role', async () => {
  expect(verifySignature(await signed(), rules())).toEqual({ role: 'ProduceRole' });
});

test.each<[string, (request: SignedRequest) => SignedRequest, object, string]>([
  ['no signature', (request) => ({ ...request, headers: {} }), {}, 'MissingAuthenticationTokenException'],
  ['unknown credentials', (request) => request, { credentials: new Map() }, 'UnrecognizedClientException'],
  ['a changed body', (request) => ({ ...request, body: Buffer.from('{}') }), {}, 'InvalidSignatureException'],
  [
    'a changed header',
    (request) => ({ ...request, headers: { ...request.headers, 'x-amz-target': 'DynamoDB_20120810.Scan' } }),
    {},
    'InvalidSignatureException',
  ],
  [
    'a session token of somebody else',
    (request) => ({ ...request, headers: { ...request.headers, 'x-amz-security-token': 'other' } }),
    {},
    'UnrecognizedClientException',
  ],
  ['another service', (request) => request, { service: 'ssm' }, 'InvalidSignatureException'],
  ['another region', (request) => request, { region: 'ap-southeast-1' }, 'InvalidSignatureException'],
])('%s is refused', async (_, change, more, error) => {
  expect(verifySignature(change(await signed()), rules(more))).toEqual({ error });
});

test('another secret is refused', async () => {
  expect(verifySignature(await signed('other'), rules())).toEqual({ error: 'InvalidSignatureException' });
});

test.each([
  [600_000, /^Signature expired/],
  [-600_000, /^Signature not yet current/],
])('a clock that is off by %i ms is told so, in the words that the SDK looks for', async (off, text) => {
  expect(verifySignature(await signed(), rules({ now: NOW + off }))).toEqual({
    error: 'InvalidSignatureException',
    text: expect.stringMatching(text),
  });
});
