import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { checkedSecret } from '../../lib/seller/http.ts';

const ofBytes = (count: number) => randomBytes(count).toString('base64');
/** The message with which a secret is refused. */
const refusal = (secret: string): string => {
  try {
    checkedSecret(secret, 'THE_SETTING');
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('a secret of the HTTP seller', () => {
  test.each([24, 25, 32, 64])('of %d bytes is accepted, with and without whsec_ in front', (count) => {
    for (const secret of [ofBytes(count), `whsec_${ofBytes(count)}`]) {
      expect(checkedSecret(secret, 'THE_SETTING')).toBe(secret);
    }
  });

  test.each([0, 1, 16, 23, 65, 100])('of %d bytes is refused with its length and the setting', (count) => {
    const secret = `whsec_${ofBytes(count)}`;
    expect(refusal(secret)).toMatch(/^THE_SETTING .*24 to 64 bytes/);
    expect(refusal(secret)).toContain(`found ${count}`);
    if (count > 0) expect(refusal(secret)).not.toContain(secret.slice(6));
  });

  test.each(['whsec_!!!', 'my secret of more than twenty-four', `whsec_${ofBytes(32)}\n`, `sk_${ofBytes(32)}`])(
    'that is not base64 (%j) is refused and not repeated',
    (secret) => {
      expect(refusal(secret)).toMatch(/^THE_SETTING .*base64/);
      expect(refusal(secret)).not.toContain(secret.replace('whsec_', '').trim());
    },
  );
});
