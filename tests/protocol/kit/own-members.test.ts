import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type KitActivityName, parseKitMessage } from '../../../lib/protocol/kit/messages.ts';
import { Refusal } from '../../../lib/protocol/refusal.ts';
import { refused } from '../../support/refused.ts';

const NAMES: readonly KitActivityName[] = ['tenantSync', 'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'];
const key = { instanceId: 'i-1', tenantId: 't-1', testFlag: 0 };

function takes(activity: KitActivityName, body: Readonly<Record<string, unknown>>): boolean {
  try {
    parseKitMessage(activity, body);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

describe('a body of one call is refused on the path of another', () => {
  test.each<[string, KitActivityName, object]>([
    ['userList is a member of authSync', 'applicationSync', { appId: 'a', userList: [{ userName: 'jdoe' }], flag: 0 }],
    ['appId is a member of applicationSync and authSync', 'tenantSync', { appId: 'a', flag: 0 }],
    ['orgCode is a member of singleOrgSync', 'tenantSync', { orgCode: '100', flag: 0 }],
    ['orgInfoList is a member of allOrgSync', 'tenantSync', { orgInfoList: [], flag: 1 }],
    ['orgInfo is a member of allOrgSync', 'singleOrgSync', { orgCode: '100', orgInfo: '[]', flag: 0 }],
    [
      'domainName is a member of tenantSync',
      'singleOrgSync',
      { orgCode: '100', domainName: 'https://a.example', flag: 0 },
    ],
    [
      'clientSecret is a member of applicationSync',
      'authSync',
      { appId: 'a', userList: [], clientSecret: 'c', flag: 0 },
    ],
  ])('%s: %s', (about, activity, members) => {
    expect(refused(() => parseKitMessage(activity, { ...key, ...members }))).toMatchObject({
      resultCode: '000002',
      message: `${about}; check the path of the call`,
    });
  });

  test('unless those members are null or empty', () => {
    const empty = { appId: '', orgCode: null, userList: '', orgInfoList: null };
    expect(takes('tenantSync', { ...key, ...empty, flag: 0 })).toBe(true);
  });
});

test('no body whatever is taken on two paths', () => {
  const member = fc.oneof(
    fc.constantFrom('', ' ', 'x', '[]', '[{"userName":"u"}]', null, 0, 1),
    fc.constantFrom([], [{ userName: 'u' }], [{ orgCode: '1', orgName: 'n' }], {}),
  );
  const names = ['tenantCode', 'name', 'domainName', 'appId', 'clientId', 'clientSecret', 'userList', 'orgCode'];
  const more = fc.constantFrom(...names, 'orgName', 'parentCode', 'orgInfoList', 'orgInfo', 'OrgName', 'other');
  const demanded = fc.constantFrom(
    {},
    { tenantCode: 'a', name: 'A', domainName: 'd' },
    { appId: 'a', clientId: 'c', clientSecret: 's' },
    { appId: 'a', userList: [{ userName: 'u' }] },
    { orgCode: '1', orgName: 'n' },
    { orgInfoList: [{ orgCode: '1', orgName: 'n' }] },
  );
  const others = fc.dictionary(more, member, { maxKeys: 2 });
  let taken = 0;
  fc.assert(
    fc.property(demanded, others, fc.constantFrom(0, 1), (own, other, flag) => {
      const paths = NAMES.filter((activity) => takes(activity, { ...key, ...own, ...other, flag }));
      taken += paths.length;
      expect(paths.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500, seed: 11 },
  );
  expect(taken).toBeGreaterThan(50);
});
