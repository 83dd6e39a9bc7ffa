import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSignedTime } from '../../lib/protocol/signed-time.ts';
import { refused } from '../support/refused.ts';

const NOW = 1_763_000_000_500;

describe('the signed time', () => {
  test('is milliseconds in 13 digits or seconds in 10', () => {
    expect(readSignedTime('1763000000500', NOW)).toBe(1_763_000_000_500);
    expect(readSignedTime('1763000000', NOW)).toBe(1_763_000_000_000);
  });

  test.each([
    '',
    'now',
    '176300000050',
    '17630000005000',
    '1763000000.50',
    '+763000000500',
    '-763000000500',
    '1763000000500 ',
    ' 1763000000500',
    '1763000000500\n',
    '1763e9',
    '0x19a7c2d1f00',
    '１７６３０００００００００',
    '176300000',
  ])('has no other form: %j', (text) => {
    expect(refused(() => readSignedTime(text, NOW))).toMatchObject({
      resultCode: '000002',
      message: 'timestamp must be Unix milliseconds: 13 digits',
    });
  });

  test('may lie 60 s to either side and no millisecond more', () => {
    for (const off of [-60_000, 60_000]) expect(readSignedTime(String(NOW + off), NOW)).toBe(NOW + off);
    expect(refused(() => readSignedTime(String(NOW - 60_001), NOW))).toMatchObject({
      resultCode: '000002',
      message: "timestamp lies more than 60 s before the server's time; check both clocks",
    });
    expect(refused(() => readSignedTime(String(NOW + 60_001), NOW)).message).toContain('60 s after the server');
    expect(refused(() => readSignedTime('1763000061', NOW)).resultCode).toBe('000002');
  });

  test('has the window that it is given', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), fc.nat({ max: 200_000 }), (off, window) => {
        const read = () => readSignedTime(String(NOW + off), NOW, window);
        if (Math.abs(off) <= window) expect(read()).toBe(NOW + off);
        else expect(refused(read).resultCode).toBe('000002');
      }),
    );
  });
});
