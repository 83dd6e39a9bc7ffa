import { describe, expect, test } from '@jest/globals';
import { type KitActivityName, parseKitMessage, readKitPath } from '../../../lib/protocol/kit/messages.ts';
import { KIT_MEMBER_NAMES } from '../../../lib/protocol/kit/names.ts';
import { refused } from '../../support/refused.ts';

const key = { instanceId: 'i-1', tenantId: 't-1' };
const common = { ...key, testFlag: 0, timeStamp: '20250901173005123' };
const timeStamp = Date.UTC(2025, 8, 1, 9, 30, 5, 123);

const TENANT = { ...common, orderId: 'o-1', tenantCode: 'acme', name: 'Acme', domainName: 'https://acme.example.com' };
const APPLICATION = { ...common, appId: 'app-1', clientId: 'c-1', clientSecret: 'cipher' };
const USER = { userName: 'jdoe', name: 'J. Doe', orgCode: '100', role: 'admin', enable: 'true' };
const AUTH = { ...common, appId: 'app-1', flag: 1, userList: [USER], currentSyncTime: '20250902091500000' };
const DEPARTMENT = { orgCode: '110', orgName: 'Lab', parentCode: '100' };

describe('tenantSync', () => {
  test('adds a tenant', () => {
    expect(parseKitMessage('tenantSync', { ...TENANT, flag: 1, unknown: 'x' })).toEqual({
      activity: 'tenantSync',
      testFlag: false,
      ...key,
      timeStamp,
      flag: 'add',
      orderId: 'o-1',
      tenantCode: 'acme',
      name: 'Acme',
      domainName: 'https://acme.example.com',
    });
  });

  test('has no instance and no order while a credential is applied for', () => {
    for (const nothing of ['', null]) {
      const message = parseKitMessage('tenantSync', { ...TENANT, flag: 1, instanceId: nothing, orderId: nothing });
      expect(message.instanceId).toBe('');
      expect(message).not.toHaveProperty('orderId');
    }
  });

  test('deletes by its key alone', () => {
    expect(parseKitMessage('tenantSync', { ...key, flag: 0 })).toEqual({
      activity: 'tenantSync',
      testFlag: false,
      ...key,
      flag: 'delete',
    });
  });

  test.each([
    [0, 'delete'],
    [1, 'add'],
    [2, 'modify'],
    ['0', 'delete'],
    ['2', 'modify'],
  ])('reads the flag %j as %s', (flag, change) => {
    expect(parseKitMessage('tenantSync', { ...TENANT, flag }).flag).toBe(change);
  });

  test.each([3, -1, 1.5, '3', '01', '1.0', 'add', true, [1]])('refuses the flag %j', (flag) => {
    const refusal = refused(() => parseKitMessage('tenantSync', { ...TENANT, flag }));
    expect(refusal).toMatchObject({ resultCode: '000002', message: 'flag must be 0 to 2' });
  });

  test.each(['', null])('misses the flag where it is %j', (flag) => {
    const refusal = refused(() => parseKitMessage('tenantSync', { ...TENANT, flag }));
    expect(refusal).toMatchObject({ resultCode: '000002', message: 'flag is missing' });
  });
});

describe('applicationSync', () => {
  test('adds an application and deletes one by its key alone', () => {
    expect(parseKitMessage('applicationSync', { ...APPLICATION, flag: 2 })).toMatchObject({
      appId: 'app-1',
      clientId: 'c-1',
      clientSecret: 'cipher',
      flag: 'modify',
    });
    const gone = parseKitMessage('applicationSync', { ...key, appId: 'app-1', flag: '0', clientSecret: 'x' });
    expect(gone).toEqual({ activity: 'applicationSync', testFlag: false, ...key, appId: 'app-1', flag: 'delete' });
  });
});

describe('authSync', () => {
  test.each([
    ['a list', [USER]],
    ['a text that holds one', JSON.stringify([USER])],
    [
      'a text without quotes around the names',
      '[{userName:"jdoe",name:"J. Doe",orgCode:"100",role:"admin",enable:"true"}]',
    ],
    ['a lone user', USER],
  ])('reads users from %s', (_, userList) => {
    expect(parseKitMessage('authSync', { ...AUTH, userList })).toEqual({
      activity: 'authSync',
      testFlag: false,
      ...key,
      timeStamp,
      flag: 'add',
      appId: 'app-1',
      currentSyncTime: Date.UTC(2025, 8, 2, 1, 15),
      users: [{ ...USER, enable: true }],
    });
  });

  const userOf = (user: Record<string, unknown>) => parseKitMessage('authSync', { ...AUTH, userList: [user] }).users[0];

  test('needs a user name alone', () => {
    const expected = { userName: 'jdoe', role: 'user', enable: true };
    expect(userOf({ userName: 'jdoe' })).toStrictEqual(expected);
    expect(userOf({ userName: 'jdoe', name: '', orgCode: null, mobile: '', enable: '', role: null })).toEqual(expected);
  });

  test('takes what V1 puts into the extension as V2 puts it beside it', () => {
    const extension = { employeeType: '2', workPlace: 'Bern', entryDate: '2020-01-5', accounts: ['erp'] };
    const lifted = { employeeType: 2, workPlace: 'Bern', entryDate: '2020-01-5' };
    expect(userOf({ ...USER, extension })).toMatchObject({ ...lifted, extension });
    expect(userOf({ ...USER, extension: JSON.stringify(extension) })).toMatchObject({ ...lifted, extension });
    expect(userOf({ ...USER, employeeType: 1, workPlace: 'Rome', extension })).toMatchObject({
      employeeType: 1,
      workPlace: 'Rome',
      extension,
    });
    expect(userOf({ ...USER, employeeType: 'regular', extension: 'none' })).toEqual({ ...USER, enable: true });
  });

  test.each([
    [12, 12],
    ['12', 12],
    ['12345678901', 12_345_678_901],
    ['123456789012', undefined],
    ['x1', undefined],
    ['1x', undefined],
    [-1, undefined],
    [['2'], undefined],
  ])('reads the kind of employee %j as %j', (employeeType, expected) => {
    expect(userOf({ ...USER, employeeType })?.employeeType).toBe(expected);
  });

  test.each(['', null, 7, {}])('lifts nothing out of an extension that is no text: %j', (value) => {
    const extension = { workPlace: value, entryDate: value };
    expect(userOf({ ...USER, extension })).toStrictEqual({ ...USER, enable: true, extension });
  });

  test('knows switched-off users, and numbers where texts should be', () => {
    expect(userOf({ ...USER, enable: 'false', mobile: 13800000000 })).toMatchObject({
      enable: false,
      mobile: '13800000000',
    });
    expect(userOf({ ...USER, enable: false })).toHaveProperty('enable', false);
  });

  test('lets the later of two entries for one user count', () => {
    const { users } = parseKitMessage('authSync', { ...AUTH, userList: [USER, { ...USER, role: 'user' }] });
    expect(users).toEqual([{ ...USER, enable: true, role: 'user' }]);
  });

  test('takes as many users as there are', () => {
    const userList = Array.from({ length: 2_000 }, (_, i) => ({ ...USER, userName: `u-${i}` }));
    expect(parseKitMessage('authSync', { ...AUTH, userList }).users).toHaveLength(2_000);
  });

  test.each([
    [3, 'cancel'],
    ['3', 'cancel'],
    [0, 'delete'],
  ])('reads the flag %j as %s', (flag, change) => {
    expect(parseKitMessage('authSync', { ...AUTH, flag }).flag).toBe(change);
  });

  test.each<[unknown, string]>([
    ['not a list', 'userList must be a list, or a text that holds one'],
    [7, 'userList must be a list, or a text that holds one'],
    [[USER, { name: 'x' }], 'userList.1.userName is missing'],
    [[USER, 'x'], 'userList.1 must be an object'],
    [[{ ...USER, enable: 'yes' }], 'userList.0.enable must be "true" or "false"'],
    [[{ ...USER, name: { first: 'J' } }], 'userList.0.name must be a text'],
    [[{ ...USER, name: 'x'.repeat(4_097) }], 'userList.0.name must have at most 4096 characters'],
  ])('refuses users %j', (userList, message) => {
    expect(refused(() => parseKitMessage('authSync', { ...AUTH, userList }))).toMatchObject({
      resultCode: '000002',
      message,
    });
  });
});

describe('singleOrgSync', () => {
  test.each(['orgName', 'OrgName', 'name'])('reads the name of a department from %s', (name) => {
    const body = { ...common, flag: 1, orgCode: '110', parentCode: '100', [name]: 'Lab' };
    expect(parseKitMessage('singleOrgSync', body)).toEqual({
      activity: 'singleOrgSync',
      testFlag: false,
      ...key,
      timeStamp,
      flag: 'add',
      ...DEPARTMENT,
    });
  });

  test('refuses ids that are none', () => {
    const refusals = [{ parentCode: 7 }, { parentCode: 'x'.repeat(257) }, { instanceId: {} }, { instanceId: ' ' }];
    for (const wrong of refusals) {
      const body = { ...common, flag: 1, ...DEPARTMENT, ...wrong };
      expect(refused(() => parseKitMessage('singleOrgSync', body))).toMatchObject({
        resultCode: '000002',
        message: expect.stringMatching(new RegExp(`^${Object.keys(wrong)[0]} must be a text`)),
      });
    }
  });

  test.each(['', null])('has no parent at the top: %j', (parentCode) => {
    const body = { ...common, flag: 2, ...DEPARTMENT, parentCode };
    expect(parseKitMessage('singleOrgSync', body)).toHaveProperty('parentCode', '');
  });

  test('deletes by its key alone, whatever else is said', () => {
    const gone = parseKitMessage('singleOrgSync', { ...key, flag: 0, orgCode: '110', parentCode: '110' });
    expect(gone).toEqual({ activity: 'singleOrgSync', testFlag: false, ...key, flag: 'delete', orgCode: '110' });
  });

  test('refuses a department that is its own parent', () => {
    const body = { ...common, flag: 2, ...DEPARTMENT, parentCode: '110' };
    expect(refused(() => parseKitMessage('singleOrgSync', body))).toMatchObject({
      resultCode: '000002',
      message: 'parentCode must not be the department itself',
    });
  });
});

describe('allOrgSync', () => {
  const all = [{ orgCode: '100', orgName: 'Research', parentCode: '' }, DEPARTMENT];

  test.each<[string, Record<string, unknown>]>([
    ['a list', { orgInfoList: all }],
    ['a text that holds one', { orgInfoList: JSON.stringify(all) }],
    [
      'a text without quotes around the names',
      {
        orgInfoList: '[{orgCode:"100",OrgName:"Research"},{orgCode:"110",orgName:"Lab",parentCode:"100"}]',
        flag: 1,
      },
    ],
    ['the member of V2 where there are both', { orgInfoList: all, orgInfo: [DEPARTMENT] }],
    ['the member of V1', { orgInfo: JSON.stringify(all.map(({ orgName, ...rest }) => ({ ...rest, name: orgName }))) }],
  ])('reads departments from %s', (_, members) => {
    expect(parseKitMessage('allOrgSync', { ...common, ...members })).toEqual({
      activity: 'allOrgSync',
      testFlag: false,
      ...key,
      timeStamp,
      departments: all,
    });
  });

  test('may be empty', () => {
    expect(parseKitMessage('allOrgSync', { ...common, orgInfoList: [] }).departments).toEqual([]);
  });

  test.each<[unknown, string]>([
    ['{', 'orgInfoList must be a list, or a text that holds one'],
    [[DEPARTMENT, 'x'], 'orgInfoList.1 must be an object'],
    [[null], 'orgInfoList.0 must be an object'],
    [['100'], 'orgInfoList.0 must be an object'],
    [[{ orgCode: '1' }], 'orgInfoList.0.orgName is missing'],
    [[{ orgName: 'x' }], 'orgInfoList.0.orgCode is missing'],
    [[...all, DEPARTMENT], 'orgInfoList holds a department twice'],
    [[{ ...DEPARTMENT, parentCode: '110' }], 'orgInfoList holds a department that is its own parent'],
    [
      [DEPARTMENT, { orgCode: '100', orgName: 'Research', parentCode: '110' }],
      'orgInfoList holds departments that are parents of each other',
    ],
  ])('refuses %j', (orgInfoList, message) => {
    const refusal = refused(() => parseKitMessage('allOrgSync', { ...common, orgInfoList }));
    expect(refusal).toMatchObject({ resultCode: '000002', message });
  });
});

const COMPLETE: [KitActivityName, Record<string, unknown>][] = [
  ['tenantSync', { ...TENANT, flag: 1 }],
  ['applicationSync', { ...APPLICATION, flag: 1 }],
  ['authSync', AUTH],
  ['singleOrgSync', { ...common, ...DEPARTMENT, flag: 1 }],
  ['allOrgSync', { ...common, orgInfoList: [DEPARTMENT] }],
];

/** What the pages call mandatory and may still be missing. */
const SPARE = ['instanceId', 'orderId', 'testFlag', 'timeStamp', 'currentSyncTime', 'parentCode'];

describe.each(COMPLETE)('%s', (activity, body) => {
  test.each(Object.keys(body).filter((name) => !SPARE.includes(name)))('without %s is refused', (name) => {
    const { [name]: _, ...rest } = body;
    const expected = { resultCode: '000002', message: `${name} is missing` };
    expect(refused(() => parseKitMessage(activity, rest))).toMatchObject(expected);
  });

  test.each(Object.keys(body).filter((name) => SPARE.includes(name)))('without %s is taken', (name) => {
    const { [name]: _, ...rest } = body;
    expect(parseKitMessage(activity, rest)).toMatchObject({ activity, tenantId: 't-1' });
  });

  test('knows a debugging call, by number or text', () => {
    expect(parseKitMessage(activity, { ...body, testFlag: 1 }).testFlag).toBe(true);
    expect(parseKitMessage(activity, { ...body, testFlag: '1' }).testFlag).toBe(true);
  });

  test('with a time that is none is refused', () => {
    const refusal = refused(() => parseKitMessage(activity, { ...body, timeStamp: '20250230000000000' }));
    expect(refusal).toMatchObject({ resultCode: '000002', message: expect.stringMatching(/^timeStamp must be/) });
  });

  test('reads no member that could vanish inside another one unnoticed', () => {
    expect(Object.keys(body).filter((name) => !KIT_MEMBER_NAMES.includes(name))).toEqual([]);
  });
});

test.each([
  ['produceAPI/v2/tenantSync', { family: 'kit-v2', activity: 'tenantSync' }],
  ['produceAPI/allOrgSync', { family: 'kit-v1', activity: 'allOrgSync' }],
  ['produceAPI/v1/tenantSync', undefined],
  ['produceAPI/v2/', undefined],
  ['produceAPI/v2/toString', undefined],
  ['produceAPI/v2/tenantSync/', undefined],
  ['produceapi/v2/tenantSync', undefined],
  ['x/produceAPI/v2/tenantSync', undefined],
  ['', undefined],
])('the path %s means %j', (path, call) => {
  expect(readKitPath(path)).toEqual(call);
});
