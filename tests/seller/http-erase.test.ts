import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { eraseOverHttp } from '../../lib/seller/http-erase.ts';
import { context } from './hooks.ts';

const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSBzZWxsZXIncyBzZXJ2ZXI=';
const erasure = { product: 'demo', customerId: 'c-1', instanceIds: ['i-1'] };

const given = (status: number, body: unknown) => {
  const sent: { headers: Record<string, string>; body: string }[] = [];
  const fetcher = async (_: unknown, init: RequestInit = {}) => {
    sent.push({ headers: init.headers as Record<string, string>, body: String(init.body) });
    return new Response(JSON.stringify(body), { status });
  };
  const options = { url: 'https://shop.example.com', secret: async () => SECRET, fetch: fetcher as typeof fetch };
  return { sent, erase: () => eraseOverHttp(options, erasure, context()) };
};

test('a server is told whom to erase, signed, and says that it has', async () => {
  const { sent, erase } = given(200, {});
  expect(await erase()).toBe('erased');
  const [{ headers, body } = { headers: {}, body: '' }] = sent;
  expect(JSON.parse(body)).toMatchObject({ event: 'erase', ...erasure, attempt: expect.any(Number) });
  const { 'webhook-id': id = '', 'webhook-signature': signature = '' } = headers;
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
  expect(new Webhook(SECRET).sign(id, at, body)).toBe(signature);
});

test('one that does not handle the event is named, and nothing passes for an erasure that is none', async () => {
  expect(await given(501, {}).erase()).toBe('unhandled');
  await expect(given(200, { failed: { reason: 'a legal hold' } }).erase()).rejects.toThrow('a legal hold');
  await expect(given(200, { erased: true }).erase()).rejects.toThrow('not one of the agreed answers');
  await expect(given(404, {}).erase()).rejects.toThrow('HTTP 404');
});
