import { describe, expect, test } from '@jest/globals';
import { refusal, SECURITY_HEADERS } from '../../scripts/console/guard.ts';

const own = { port: 3080, token: 'the-token' };
const good = {
  host: '127.0.0.1:3080',
  origin: 'http://127.0.0.1:3080',
  'sec-fetch-site': 'same-origin',
  'x-console-token': 'the-token',
};

describe('who may ask the console', () => {
  test('its own page, under both names of this machine, and programs that know the token', () => {
    expect(refusal(good, false, own)).toBeUndefined();
    const named = { ...good, host: 'localhost:3080', origin: 'http://localhost:3080' };
    expect(refusal(named, false, own)).toBeUndefined();
    expect(refusal({ host: good.host, 'x-console-token': 'the-token' }, false, own)).toBeUndefined();
  });

  test.each<[string, Record<string, string | undefined>]>([
    ['page.refused.host', { host: 'evil.example:3080' }],
    ['page.refused.host', { host: '127.0.0.1' }],
    ['page.refused.host', { host: '127.0.0.1:3081' }],
    ['page.refused.host', { host: 'localhost.evil.example:3080' }],
    ['page.refused.host', { host: undefined }],
    ['page.refused.origin', { origin: 'http://evil.example' }],
    ['page.refused.origin', { origin: 'http://localhost:3080' }],
    ['page.refused.origin', { origin: 'https://127.0.0.1:3080' }],
    ['page.refused.origin', { origin: 'null' }],
    ['page.refused.site', { 'sec-fetch-site': 'cross-site' }],
    ['page.refused.site', { 'sec-fetch-site': 'same-site' }],
    ['page.refused.site', { 'sec-fetch-site': 'none' }],
    ['page.refused.token', { 'x-console-token': undefined }],
    ['page.refused.token', { 'x-console-token': '' }],
    ['page.refused.token', { 'x-console-token': 'the-token ' }],
    ['page.refused.token', { 'x-console-token': 'THE-TOKEN' }],
  ])('%s: %j', (id, change) => {
    expect(refusal({ ...good, ...change }, false, own)).toMatchObject({ id });
  });

  test('the page itself opens without a token, when typed or followed from itself, but not from elsewhere', () => {
    const { 'x-console-token': _, origin: __, ...visit } = good;
    expect(refusal({ ...visit, 'sec-fetch-site': 'none' }, true, own)).toBeUndefined();
    expect(refusal(visit, true, own)).toBeUndefined();
    expect(refusal({ ...visit, 'sec-fetch-site': 'cross-site' }, true, own)).toMatchObject({ id: 'page.refused.site' });
    expect(refusal({ ...visit, host: 'evil.example:3080' }, true, own)).toMatchObject({ id: 'page.refused.host' });
  });
});

test('the policy allows no code and no style but files of our own', () => {
  const policy = SECURITY_HEADERS['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
  expect(policy).not.toMatch(/unsafe|\*|data:|blob:|https?:/);
});
