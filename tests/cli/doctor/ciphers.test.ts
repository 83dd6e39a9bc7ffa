import { constants, createCipheriv, createHash, publicEncrypt } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { explainAes } from '../../../scripts/cli/doctor/aes.ts';
import type { Diagnosis } from '../../../scripts/cli/doctor/cause.ts';
import { explainOaep } from '../../../scripts/cli/doctor/oaep.ts';
import { sealOaep } from '../../../scripts/marketplace/protocol/oaep.ts';
import { rsaPair } from '../../support/rsa.ts';
import { KEY, KIT_KEY } from './wrong-signers.ts';

const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();
const VECTOR = 'A1b2C3d4E5f6G7h8';
const PLAIN = 'owner@acme.example.com';

/** Keys from the published vectors, so that nothing of the code under test makes the values. */
const ACCESS_KEY = '00000000-1111-2222-3333-444444444444';
const AES_256 = Buffer.from('b8b0019995f28965092c88ca8020be0533c1d2fa1b453ee1fc7c4865c719fe18', 'hex');

function aes(key: Buffer, { mode = 'cbc', vector = Buffer.from(VECTOR), padding = true, plain = PLAIN } = {}): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-${mode}`, key, mode === 'ecb' ? null : vector);
  cipher.setAutoPadding(padding);
  return Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
}

const wire = (key: Buffer) => VECTOR + aes(key).toString('base64');
const ids = (diagnosis: Diagnosis) =>
  diagnosis.kind === 'explained' ? diagnosis.causes.map(({ id }) => id) : [diagnosis.kind];
const padded = (key: Buffer, length: number) => Buffer.concat([key, Buffer.alloc(length)]).subarray(0, length);

describe('the doctor on encrypted values of V1.0', () => {
  const explain = (value: string, ring: Record<string, string[]> = { base: [ACCESS_KEY] }) =>
    ids(explainAes({ keyClass: 'base', value, encryptType: '1' }, ring));

  test.each([
    ['right', wire(AES_256)],
    ['aes.other-size', wire(AES_256.subarray(0, 16))],
    ['aes.raw-key', wire(padded(Buffer.from(ACCESS_KEY), 32))],
    ['aes.sha256-key', wire(createHash('sha256').update(ACCESS_KEY).digest())],
    ['aes.md5-key', wire(createHash('md5').update(ACCESS_KEY).digest())],
    ['aes.sha1-once', wire(padded(sha1(ACCESS_KEY), 32))],
    ['aes.sha1-twice-only', wire(padded(sha1(sha1(ACCESS_KEY)), 32))],
    ['aes.sha1-repeated', wire(Buffer.concat([sha1(sha1(ACCESS_KEY)), sha1(sha1(sha1(ACCESS_KEY)))]).subarray(0, 32))],
    ['aes.ecb', aes(AES_256, { mode: 'ecb' }).toString('base64')],
    ['aes.zero-vector', aes(AES_256, { vector: Buffer.alloc(16) }).toString('base64')],
    ['aes.vector-inside', Buffer.concat([Buffer.from(VECTOR), aes(AES_256)]).toString('base64')],
    ['aes.hex', VECTOR + aes(AES_256).toString('hex')],
    ['aes.cfb', VECTOR + aes(AES_256, { mode: 'cfb' }).toString('base64')],
    ['aes.base64url', VECTOR.concat(aes(AES_256, { plain: 'a'.repeat(61) }).toString('base64url'))],
    ['aes.line-breaks', wire(AES_256).replace(/(.{30})/, '$1\n')],
    ['aes.separator', `${VECTOR}:${aes(AES_256).toString('base64')}`],
    ['aes.zero-padding', VECTOR + aes(AES_256, { padding: false, plain: PLAIN.padEnd(32, '\0') }).toString('base64')],
    ['aes.plain', 'owner@acme.example.com'],
    ['unknown', wire(createHash('sha512').update(ACCESS_KEY).digest().subarray(0, 32))],
  ])('names %s', (cause, value) => {
    expect(explain(value)).toEqual([cause]);
  });

  test('names the class of the key that was mixed up', () => {
    expect(explain(wire(AES_256), { base: [KEY], kit: [ACCESS_KEY] })).toEqual(['key.wrong-class']);
    expect(explain(wire(AES_256), { base: [KEY], kit: [KIT_KEY] })).toEqual(['unknown']);
  });
});

describe('the doctor on RSA values', () => {
  const pair = rsaPair();
  const other = rsaPair();
  const small = rsaPair(2048);
  const expected = { hash: 'sha256', mgf1: 'sha256' };
  const engine = (options: object) => publicEncrypt({ key: pair.publicKey, ...options }, Buffer.from('secret'));
  const right = engine({ padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' });
  const explain = (value: string, keys = [pair.privateKey, other.privateKey]) =>
    ids(explainOaep({ value, expected }, keys));

  test.each([
    ['right', right.toString('base64')],
    ['oaep.hashes', engine({ padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }).toString('base64')],
    ['oaep.hashes', sealOaep(pair.publicKey, 'secret', { hash: 'sha256', mgf1: 'sha1' })],
    ['oaep.pkcs1', engine({ padding: constants.RSA_PKCS1_PADDING }).toString('base64')],
    ['oaep.reversed', Buffer.from(right).reverse().toString('base64')],
    ['oaep.hex', right.toString('hex')],
    ['oaep.base64-twice', Buffer.from(right.toString('base64')).toString('base64')],
    ['oaep.line-breaks', right.toString('base64').replace(/(.{76})/g, '$1\n')],
    ['oaep.other-key', sealOaep(other.publicKey, 'secret', expected)],
    ['unknown', sealOaep(small.publicKey, 'secret', expected)],
  ])('names %s', (cause, value) => {
    expect(explain(value)).toEqual([cause]);
  });

  test('takes no block for PKCS#1 that begins as one and holds no text', () => {
    const block = Buffer.alloc(384, 0xff); // what an OAEP block looks like under the wrong hashes, one time in 256
    block.set([0, 2]);
    block.set([0], 40);
    const value = publicEncrypt({ key: pair.publicKey, padding: constants.RSA_NO_PADDING }, block).toString('base64');
    expect(explain(value)).toEqual(['unknown']);
  });

  test('opens what Java makes by default once told the hashes', () => {
    const value = sealOaep(pair.publicKey, 'secret', { hash: 'sha256', mgf1: 'sha1' });
    const found = explainOaep({ value, expected }, [pair.privateKey]);
    expect(found).toMatchObject({ causes: [{ about: 'sha256 / MGF1 sha1' }] });
  });

  test('warns of a small key', () => {
    const value = sealOaep(small.publicKey, 'secret', expected);
    expect(explainOaep({ value, expected }, [small.privateKey])).toEqual({
      kind: 'right',
      notes: [{ id: 'oaep.small-key', about: '2048' }],
    });
  });
});
