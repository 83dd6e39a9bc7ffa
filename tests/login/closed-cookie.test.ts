import { expect, test } from '@jest/globals';
import { closedCookies } from '../../lib/login/closed-cookie.ts';

const time = { now: 1_000 };
const cookies = closedCookies('a secret with 32 characters, or so', () => time.now, true);
const pairOf = (cookie: string) => cookie.slice(0, cookie.indexOf(';'));

test('a cookie comes back as it was set, among others, until its time is up', async () => {
  const pair = pairOf(await cookies.set('one', { a: 1 }, 60, '/login/'));
  expect(await cookies.read('one', ['x=1', pair])).toEqual({ a: 1 });
  expect(pair).not.toContain('"a"');
  time.now += 60_000;
  expect(await cookies.read('one', [pair])).toBeUndefined();
});

test('none passes for another, or was closed by anybody else, or is altered', async () => {
  const pair = pairOf(await cookies.set('one', 'value', 60, '/'));
  const stranger = closedCookies('another secret with 32 characters!', () => time.now, true);
  expect(await cookies.read('two', [pair.replace('one=', 'two=')])).toBeUndefined();
  expect(await stranger.read('one', [pair])).toBeUndefined();
  expect(await cookies.read('one', [`${pair}x`])).toBeUndefined();
  expect(await cookies.read('one', ['one=', 'one'])).toBeUndefined();
  expect(await cookies.read('one', [])).toBeUndefined();
});

test('on loopback it need not be sent over TLS', async () => {
  const local = closedCookies('a secret with 32 characters, or so', () => time.now, false);
  expect(await local.set('one', 1, 60, '/')).not.toContain('Secure');
  expect(local.clear('one', '/')).toBe('one=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax');
});
