import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { explainBodySign } from '../../../scripts/cli/doctor/body-sign.ts';
import type { Diagnosis } from '../../../scripts/cli/doctor/cause.ts';
import { examine } from '../../../scripts/cli/doctor/examine.ts';
import { KEY, KIT_KEY, mac, RING } from './wrong-signers.ts';

const STAMP = '20251124160000123';
const NOW = Date.parse('2025-11-24T16:00:00Z');
const PAIRS: [string, string][] = [
  ['Zone', 'x'],
  ['activity', 'newInstance'],
  ['customerName', '演示 商品'],
  ['email', 'A1b2C3d4E5f6G7h8bqt2E8Idr0YM+SpoA/w=='],
  ['remark', ''],
  ['testFlag', '1'],
  ['timeStamp', STAMP],
];
const JOINED = PAIRS.map(([name, value]) => `${name}=${value}`).join('&');
const token = (text: string, key: string = KEY + STAMP) => mac(key, text).toString('base64');
const ids = (diagnosis: Diagnosis | undefined) =>
  diagnosis?.kind === 'explained' ? diagnosis.causes.map(({ id }) => id) : [diagnosis?.kind];

describe('the doctor on an authToken', () => {
  const look = (value: string, shuffled = [...PAIRS].reverse()) => {
    const query = [...shuffled, ['authToken', value]].map(
      ([name, text]) => `${name}=${encodeURIComponent(text ?? '')}`,
    );
    const call = {
      method: 'GET',
      url: `https://seller.example.com/?${query.join('&')}`,
      headers: {},
      body: Buffer.alloc(0),
    };
    return ids(examine(call, RING, { now: NOW }).diagnosis);
  };
  const sorted = (pairs: string[][]) => pairs.map(([name, value]) => `${name}=${value}`).join('&');

  test.each([
    ['right', token(JOINED)],
    ['token.key-alone', token(JOINED, KEY)],
    ['token.stamp-first', token(JOINED, STAMP + KEY)],
    ['token.address-order', token(sorted([...PAIRS].reverse().filter(([name]) => name !== 'x')))],
    ['token.case-insensitive', token(sorted([...PAIRS.slice(1), ...PAIRS.slice(0, 1)]))],
    ['token.not-decoded', token(sorted(PAIRS.map(([name, value]) => [name, encodeURIComponent(value)])))],
    ['token.form-encoded', token(new URLSearchParams(PAIRS).toString())],
    ['token.value-plus-to-blank', token(JOINED.replace('+', ' '))],
    ['token.stamp-not-signed', token(sorted(PAIRS.slice(0, -1)))],
    ['token.activity-not-signed', token(sorted(PAIRS.filter(([name]) => name !== 'activity')))],
    ['token.blanks-dropped', token(sorted(PAIRS.filter(([, value]) => value !== '')))],
    ['token.unseparated', token(PAIRS.map(([name, value]) => `${name}=${value}`).join(''))],
    ['key.wrong-class', token(JOINED, KIT_KEY + STAMP)],
    ['key.newline', token(JOINED, `${KEY}\n${STAMP}`)],
    ['encoding.hex', mac(KEY + STAMP, JOINED).toString('hex')],
    ['encoding.base64url', mac(KEY + STAMP, JOINED).toString('base64url')],
    ['outer.plain-sha256', createHash('sha256').update(JOINED).digest('base64')],
    ['unknown', token(JOINED.replace('+', ' '), KEY)],
    ['unknown', mac(KEY, sorted(PAIRS.slice(0, -1))).toString('hex')],
  ])('names %s', (cause, value) => {
    expect(look(value)).toEqual(cause === 'token.address-order' ? [cause, 'token.descending'] : [cause]);
  });

  test('sees local time in the timeStamp', () => {
    const stamp = '20251125000000123';
    const query = `timeStamp=${stamp}&authToken=${encodeURIComponent(token(`timeStamp=${stamp}`, KEY + stamp))}`;
    const call = { method: 'GET', url: `https://seller.example.com/?${query}`, headers: {}, body: Buffer.alloc(0) };
    expect(examine(call, RING, { now: NOW }).diagnosis).toEqual({
      kind: 'right',
      notes: [{ id: 'token.stamp-zone', about: '8' }],
    });
  });
});

describe('the doctor on Body-Sign', () => {
  const BODY = '{"resultCode":"000000","resultMsg":"成功 / ok","instanceId":"i-1"}';
  const header = (value: string) => `sign_type="HMAC-SHA256", signature= "${value}"`;
  const explain = (value: string, request = '{"activity":"newInstance"}') =>
    ids(
      explainBodySign(
        { keyClass: 'base', body: Buffer.from(BODY), header: value, timeStamp: STAMP, request: Buffer.from(request) },
        RING,
      ),
    );
  const sign = (body: string, key: string = KEY) => mac(key, body).toString('base64');

  test.each([
    ['right', header(sign(BODY))],
    ['right', `sign_type="HMAC-SHA256", signature="${sign(BODY)}"`],
    ['body-sign.form', `sign_type=HMAC-SHA256, signature=${sign(BODY)}`],
    ['body-sign.form', sign(BODY)],
    ['body-sign.form', 'yes'],
    ['body-sign.time-stamp', header(sign(BODY, KEY + STAMP))],
    ['body-sign.request', header(sign('{"activity":"newInstance"}'))],
    ['body-sign.result-code', header(sign('000000'))],
    ['key.wrong-class', header(sign(BODY, KIT_KEY))],
    ['body.spaced', header(sign(BODY.replaceAll('":"', '": "').replaceAll(',"', ', "')))],
    ['body.pretty', header(sign(JSON.stringify(JSON.parse(BODY), null, 2)))],
    ['body.ascii', header(sign(BODY.replace('成功', '\\u6210\\u529f')))],
    ['body.slashes', header(sign(BODY.replace('/', '\\/')))],
    ['body.sorted', header(sign('{"instanceId":"i-1","resultCode":"000000","resultMsg":"成功 / ok"}'))],
    ['body.newline', header(sign(`${BODY}\n`))],
    [
      'charset.gbk',
      header(
        mac(
          KEY,
          Buffer.concat([
            Buffer.from('{"resultCode":"000000","resultMsg":"'),
            Buffer.from('b3c9b9a6', 'hex'),
            Buffer.from(' / ok","instanceId":"i-1"}'),
          ]),
        ).toString('base64'),
      ),
    ],
    ['encoding.hex', header(mac(KEY, BODY).toString('hex'))],
    ['outer.plain-sha256', header(createHash('sha256').update(BODY).digest('base64'))],
    ['unknown', header(sign(JSON.stringify(JSON.parse(BODY), null, 2), KIT_KEY))],
  ])('names %s', (cause, value) => {
    expect(explain(value)).toEqual([cause]);
  });
});
