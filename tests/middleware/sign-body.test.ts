import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { signBody } from '../../lib/middleware/sign-body.ts';
import { bodySignHolds } from '../support/route.ts';
import { routeRequest } from './support.ts';

type Response = { statusCode: number; headers: Record<string, string>; body: string };

function signed(resultMsg: string, answerKey = 'demo-access-key') {
  const request = routeRequest({ internal: { answerKey }, response: { resultCode: '000000', resultMsg } });
  signBody().after?.(request);
  return { request, response: request.response as Response };
}

test('answers HTTP 200, JSON, with the vector’s signature', () => {
  expect(signed('success.').response).toEqual({
    statusCode: 200,
    headers: {
      'Content-Type': 'application/json',
      'Body-Sign': 'sign_type="HMAC-SHA256", signature= "UCqOk0/C6dN1vA65BacayrgQpfNf96S66Cmd0qUWkW0="',
    },
    body: '{"resultCode":"000000","resultMsg":"success."}',
  });
});

test('whatever the text, the body is ASCII, says the same, and is signed as sent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { response } = signed(text);
      expect(response.body).toMatch(/^[\x20-\x7e]*$/);
      expect(JSON.parse(response.body).resultMsg).toBe(text);
      expect(bodySignHolds('demo-access-key', response)).toBe(true);
    }),
  );
});

test('refusals are signed as successes are', () => {
  const request = routeRequest({
    internal: { answerKey: 'demo-access-key' },
    response: { resultCode: '000001', resultMsg: 'no' },
  });
  signBody().onError?.(request);
  expect(bodySignHolds('demo-access-key', request.response as Response)).toBe(true);
});

test('remembers the code for the log', () => {
  expect(signed('success.').request.internal.resultCode).toBe('000000');
});

test('leaves answers outside the protocol alone', () => {
  const request = routeRequest({ response: { statusCode: 404, body: '' } });
  signBody().onError?.(request);
  expect(request.response).toEqual({ statusCode: 404, body: '' });
});

test('without a key there is no answer to give: 503', () => {
  const request = routeRequest({ response: { resultCode: '000005', resultMsg: '' } });
  signBody().onError?.(request);
  expect(request.response).toEqual({ statusCode: 503, body: '' });
});
