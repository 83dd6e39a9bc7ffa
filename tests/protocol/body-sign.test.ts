import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BODY_SIGN, bodySign } from '../../lib/protocol/body-sign.ts';
import { hasOpenssl, opensslHmac } from '../support/openssl.ts';
import { vectorsOf } from '../support/vectors.ts';

describe('Body-Sign', () => {
  test.each(vectorsOf('body-sign'))('$id', ({ keys: { accessKey }, inputs, expected }) => {
    expect(`${BODY_SIGN}: ${bodySign(accessKey, inputs.body)}`).toBe(expected.header);
    expect(bodySign(accessKey, Buffer.from(inputs.body))).toBe(bodySign(accessKey, inputs.body));
  });

  test('covers every byte, blanks at either end too', () => {
    const signatures = ['{}', ' {}', '{} ', '{}\n'].map((body) => bodySign('key', body));
    expect(new Set(signatures).size).toBe(4);
  });

  if (hasOpenssl) {
    test('is what OpenSSL computes', () => {
      const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
      fc.assert(
        fc.property(key, fc.uint8Array(), (accessKey, body) => {
          const signature = opensslHmac(Buffer.from(accessKey), body).toString('base64');
          expect(bodySign(accessKey, body)).toBe(`sign_type="HMAC-SHA256", signature= "${signature}"`);
        }),
        { numRuns: 10 },
      );
    });
  } else {
    test('NOT RUN HERE: OpenSSL is not installed', () => console.warn('Body-Sign was not checked against OpenSSL.'));
  }
});
