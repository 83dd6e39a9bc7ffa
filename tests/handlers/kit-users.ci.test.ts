import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { kitSender } from '../support/kit.ts';

let installation: Installation;
let send: ReturnType<typeof kitSender>;
let told: string[] = [];
let serial = 0;

beforeAll(async () => {
  const userChanged = async ({ userName, binding }: { userName: string; binding: { tenantId: string } }) => {
    if (binding.tenantId === `t-${serial}`) told.push(userName);
  };
  installation = await startInstallation({
    kit: { seller: { ...demoSeller, tenants: { ...demoSeller.tenants, userChanged } }, families: ['kit-v2'] },
  });
  send = kitSender(installation);
});
afterAll(() => installation.stop());
beforeEach(() => {
  told = [];
  serial += 1;
  installation.calls.length = 0;
  installation.time.now += 10_000;
});

const names = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
const message = (userNames: readonly string[], more: object = {}) => ({
  ...{ instanceId: 'i-1', tenantId: `t-${serial}`, testFlag: 0, appId: 'app-1', flag: 1 },
  userList: userNames.map((userName) => ({ userName, name: 'N', orgCode: '1', role: 'user', enable: 'true' })),
  ...more,
});
const writes = () => installation.calls.filter((name) => name === 'UpdateItemCommand').length;

describe('a list of users', () => {
  test('that is short is written without being read', async () => {
    await send('authSync', message(names(25)));
    expect(installation.calls).toEqual(Array(25).fill('UpdateItemCommand'));
  });

  test('that was written in part is written on by its repeat, though that is signed later', async () => {
    let left = 30;
    installation.faults.next = (name) => {
      if (name !== 'UpdateItemCommand') return undefined;
      left -= 1;
      return left < 0 ? Promise.reject(new Error('The time of the call is up.')) : undefined;
    };
    expect((await send('authSync', message(names(70)))).json.resultCode).toBe('000005');
    while (left > -40) await new Promise(setImmediate); // those that were on their way
    delete installation.faults.next;
    installation.calls.length = 0;
    installation.time.now += 5_000;
    expect((await send('authSync', message(names(70)))).json.resultCode).toBe('000000');
    expect(writes()).toBe(40);
    await installation.sweep();
    expect(new Set(told).size).toBe(70);
  });

  test('that comes again signed later writes and tells of nobody but who has changed', async () => {
    await send('authSync', message(names(26)));
    await installation.sweep();
    installation.calls.length = 0;
    told = [];
    installation.time.now += 60_000;
    const again = message(names(26), { flag: 2 });
    const userList = again.userList.map((user) => (user.userName === 'user-7' ? { ...user, role: 'admin' } : user));
    expect((await send('authSync', { ...again, userList })).json.resultCode).toBe('000000');
    expect(writes()).toBe(1);
    await installation.sweep();
    expect(told).toEqual(['user-7']);
  });

  test('whose users were removed adds them again, and removes them once', async () => {
    await send('authSync', message(names(26)));
    for (const [flag, expected] of [
      [0, 26],
      [0, 0],
      [1, 26],
      [3, 26],
    ]) {
      installation.time.now += 1_000;
      installation.calls.length = 0;
      await send('authSync', message(names(26), { flag }));
      expect(writes()).toBe(expected);
    }
  });

  test('with a user too large for an item refuses that one and takes the others', async () => {
    const big = { userName: 'big', name: 'B', extension: { text: 'x'.repeat(50 * 1024) } };
    const { userList, ...rest } = message(names(2));
    const answer = await send('authSync', { ...rest, userList: [userList[0], big, userList[1]] });
    expect(answer.json).toMatchObject({ resultCode: '000002', resultMsg: expect.stringContaining('at place 2') });
    await installation.sweep();
    expect(told.sort()).toEqual(['user-0', 'user-1']);
  });
});
