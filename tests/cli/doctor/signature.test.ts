import { describe, expect, test } from '@jest/globals';
import { examine } from '../../../scripts/cli/doctor/examine.ts';
import type { SeenCall } from '../../../scripts/cli/doctor/read/seen.ts';
import { kitSignature } from '../../../scripts/marketplace/protocol/query.ts';
import {
  BODY,
  DOUBLY_WRONG,
  KEY,
  KIT_KEY,
  mac,
  NONCE,
  RING,
  type Signed,
  TIMESTAMP,
  WRONG_SIGNERS,
} from './wrong-signers.ts';

const now = Number(TIMESTAMP);

function seen({ signature, timestamp, nonce, body }: Signed): SeenCall {
  const query = Object.entries({ signature, timestamp, nonce }).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return {
    method: 'POST',
    url: `https://seller.example.com/produce?${query.join('&')}`,
    headers: {},
    body: Buffer.from(body),
  };
}

const right: Signed = {
  signature: mac(KEY, KEY + NONCE + TIMESTAMP + mac(KEY, BODY).toString('hex')).toString('hex'),
  timestamp: TIMESTAMP,
  nonce: NONCE,
  body: BODY,
};

describe('the doctor on a query signature', () => {
  test('says that a right signature is right, in either case of its digits', () => {
    expect(examine(seen(right), RING, { now }).diagnosis).toEqual({ kind: 'right', notes: [] });
    const upper = { ...right, signature: right.signature.toUpperCase() };
    expect(examine(seen(upper), RING, { now }).diagnosis.kind).toBe('right');
  });

  test.each(WRONG_SIGNERS)('names %s, and nothing else', (cause, call) => {
    const { diagnosis } = examine(seen(call), RING, { now });
    expect(diagnosis.kind).toBe('explained');
    expect(diagnosis.kind === 'explained' ? diagnosis.causes.map(({ id }) => id) : []).toEqual([cause]);
  });

  test.each(DOUBLY_WRONG)('says unknown for %s', (_, call) => {
    expect(examine(seen(call), RING, { now }).diagnosis.kind).toBe('unknown');
  });

  test('knows the class of the wrong key', () => {
    const call = WRONG_SIGNERS.find(([cause]) => cause === 'key.wrong-class')?.[1];
    const { diagnosis } = examine(seen(call ?? right), RING, { now });
    expect(diagnosis).toEqual({ kind: 'explained', causes: [{ id: 'key.wrong-class', about: 'kit' }] });
  });

  test('takes an older key of the class and says so', () => {
    const ring = { base: ['a-newer-key', KEY] };
    expect(examine(seen(right), ring, { now }).diagnosis).toEqual({ kind: 'right', notes: [{ id: 'key.older' }] });
  });

  test('tells the base formula on a Kit call, and the signature that the seller computed', () => {
    const stamp = { timestamp: TIMESTAMP, nonce: NONCE };
    const computed = mac(KIT_KEY, KIT_KEY + NONCE + TIMESTAMP + mac(KIT_KEY, BODY).toString('hex')).toString('hex');
    const call: SeenCall = {
      method: 'POST',
      url: 'https://seller.example.com/produceAPI/v2/tenantSync',
      headers: { 'x-sign': kitSignature(KIT_KEY, BODY, stamp), 'x-timestamp': TIMESTAMP, 'x-nonce': NONCE },
      body: Buffer.from(BODY),
    };
    expect(examine(call, RING, { now }).diagnosis.kind).toBe('right');
    const { diagnosis } = examine(call, RING, { now, computed });
    expect(diagnosis).toEqual({ kind: 'explained', causes: [{ id: 'formula.base-on-kit' }] });
  });
});

describe('the doctor on everything around a signature', () => {
  const at = (timestamp: string): Signed => ({
    ...right,
    timestamp,
    signature: mac(KEY, KEY + NONCE + timestamp + mac(KEY, BODY).toString('hex')).toString('hex'),
  });

  test.each([
    ['timestamp.seconds', at(TIMESTAMP.slice(0, 10)), now],
    ['timestamp.stale', right, now + 61_000],
    ['timestamp.future', right, now - 61_000],
    ['timestamp.form', at('20251124155959123'), now],
  ] as const)('notes %s', (note, call, judged) => {
    const { diagnosis } = examine(seen(call), RING, { now: judged });
    expect(diagnosis.kind === 'right' ? diagnosis.notes.map(({ id }) => id) : []).toContain(note);
  });

  test('sees an address that went through HTML', () => {
    const url = `https://seller.example.com/?signature=${right.signature}×tamp=${TIMESTAMP}&nonce=x`;
    const { diagnosis } = examine({ ...seen(right), url }, RING, { now });
    expect(diagnosis).toMatchObject({ kind: 'explained', causes: [{ id: 'call.html-entity' }] });
  });

  test('sees what is missing, and what stands there twice', () => {
    const base = 'https://seller.example.com/';
    const ids = (url: string) => {
      const { diagnosis } = examine({ ...seen(right), url }, RING, { now });
      return diagnosis.kind === 'explained' ? diagnosis.causes.map(({ id }) => id) : [];
    };
    expect(ids(`${base}?timestamp=1&nonce=2`)).toEqual(['call.signature-missing']);
    expect(ids(`${base}?signature=1&nonce=2`)).toEqual(['call.timestamp-missing']);
    expect(ids(`${base}?signature=1&timestamp=2`)).toEqual(['call.nonce-missing']);
    expect(ids(base)).toEqual(['call.unsigned']);
    expect(ids(`${base}?signature=1&timestamp=2&nonce=3&nonce=4`)).toEqual(['call.repeated']);
  });
});
