import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type EncryptType, openValue, sealValue } from '../../../scripts/marketplace/protocol/aes.ts';
import { joinParameters, queryToken } from '../../../scripts/marketplace/protocol/auth-token.ts';
import { bodySignHeader, checkBodySign } from '../../../scripts/marketplace/protocol/body-sign.ts';
import { canonicalText } from '../../../scripts/marketplace/protocol/json-text.ts';
import { kitSignature, querySignature } from '../../../scripts/marketplace/protocol/query.ts';
import { sha1prng } from '../../../scripts/marketplace/protocol/sha1prng.ts';

interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>> & { readonly parametersDecoded?: Readonly<Record<string, string>> };
  readonly expected: Readonly<Record<string, string>>;
}

const vectors: Vector[] = JSON.parse(readFileSync(new URL('../../vectors.json', import.meta.url), 'utf8'));

function of(scheme: string): [string, Vector][] {
  const found = vectors
    .filter((vector) => vector.scheme === scheme)
    .map((vector): [string, Vector] => [vector.id, vector]);
  if (found.length === 0) throw new Error(`no vectors of the scheme ${scheme}`);
  return found;
}

const text = (value: string | undefined): string => {
  if (value === undefined) throw new Error('the vector lacks a member');
  return value;
};

describe('the vectors bind the command line too', () => {
  test.each(of('query-hmac'))('%s', (_, { keys, inputs, expected }) => {
    const stamp = { timestamp: text(inputs.timestamp), nonce: text(inputs.nonce) };
    const sign = (body: string) => querySignature(text(keys.accessKey), body, stamp);
    if (expected.signature !== undefined) {
      expect(sign(text(inputs.body))).toBe(expected.signature);
      expect(canonicalText(text(inputs.body))).toBe(inputs.body);
    } else {
      expect(canonicalText(text(inputs.body))).toBe(expected.reserialisedBody);
      expect(sign(text(inputs.body))).toBe(expected.signatureOverRawBytes);
      expect(sign(text(expected.reserialisedBody))).toBe(expected.signatureOverReserialisedBody);
    }
  });

  test.each(of('kit-x-sign'))('%s', (_, { keys, inputs, expected }) => {
    const stamp = { timestamp: text(inputs.xTimestamp), nonce: text(inputs.xNonce) };
    expect(kitSignature(text(keys.accessKey), text(inputs.body), stamp)).toBe(expected.xSign);
  });

  test.each(of('v1-auth-token'))('%s', (_, { keys, inputs, expected }) => {
    const parameters = Object.entries(inputs.parametersDecoded ?? {});
    expect(joinParameters(parameters)).toBe(expected.joined);
    expect(queryToken(text(keys.accessKey), parameters)).toBe(expected.authToken);
    expect(encodeURIComponent(queryToken(text(keys.accessKey), parameters))).toBe(expected.authTokenInUrl);
  });

  test.each(of('body-sign'))('%s', (_, { keys, inputs, expected }) => {
    const key = text(keys.accessKey);
    const body = text(inputs.body);
    expect(`Body-Sign: ${bodySignHeader(key, body)}`).toBe(expected.header);
    expect(checkBodySign(key, body, bodySignHeader(key, body))).toBe('holds');
    expect(checkBodySign(key, `${body} `, bodySignHeader(key, body))).toBe('foreign');
  });

  test.each(of('v1-sha1prng'))('%s', (_, { inputs, expected }) => {
    expect(sha1prng(text(inputs.seedUtf8), 16).toString('hex')).toBe(expected.aes128KeyHex);
    expect(sha1prng(text(inputs.seedUtf8), 32).toString('hex')).toBe(expected.aes256KeyHex);
  });

  test.each(of('v1-aes-cbc'))('%s', (_, { keys, inputs, expected }) => {
    const type: EncryptType = inputs.encryptType === '2' ? '2' : '1';
    const key = text(keys.accessKey);
    expect(sealValue(key, type, text(inputs.plaintext), text(inputs.ivAscii))).toBe(expected.wireValue);
    expect(openValue(key, type, text(expected.wireValue))).toBe(inputs.plaintext);
    expect(openValue(key, type === '1' ? '2' : '1', text(expected.wireValue))).not.toBe(inputs.plaintext);
  });
});
