import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createDesk, type Desk } from '../../scripts/console/desk.ts';
import type { CallForm, Report } from '../../scripts/console/shapes.ts';
import { FAMILIES } from '../../scripts/marketplace/calls/families.ts';
import { KEYS } from '../cli/reference/server.ts';
import { type ConsoleSeller, formOf, startConsoleSeller } from './seller.ts';

let seller: ConsoleSeller;
let desk: Desk;
let now: number;
let exchanges: { form: CallForm; report: Report }[];

beforeAll(async () => {
  seller = await startConsoleSeller();
});
afterAll(() => seller.stop());
beforeEach(() => {
  now = Date.now();
  exchanges = [];
  seller.received.length = 0;
  desk = createDesk(
    seller.secrets,
    () => now,
    (form, report) => exchanges.push({ form, report }),
  );
});

const everyCall = FAMILIES.flatMap(({ name, activities }) =>
  Object.keys(activities).map((activity) => [name, activity] as const),
);

describe('the console desk', () => {
  test.each(everyCall)('%s %s: the preset form passes as it is', async (family, activity) => {
    const draft = { product: 'demo', at: seller.at, family, activity, charging: 'period', test: true } as const;
    const { members, mandatory } = desk.preset(draft);
    expect(Object.keys(members)).toEqual(expect.arrayContaining([...mandatory]));
    const report = await desk.send({ ...draft, members });
    expect(report.checks.filter(({ state }) => state === 'fail')).toEqual([]);
    expect(report.passed).toBe(true);
  });

  test('sends exactly the request it showed, once, and only while its signature holds', async () => {
    const form = formOf(seller.at);
    const signed = desk.sign(form);
    const report = await desk.send(form, signed.id);
    expect(report.request).toEqual({
      method: signed.method,
      url: signed.url,
      headers: signed.headers,
      body: signed.body,
    });
    expect(report.checks.filter(({ state }) => state === 'fail')).toEqual([]);
    await expect(desk.send(form, signed.id)).rejects.toMatchObject({ id: 'page.problem.stale' });
    const old = desk.sign(form);
    now = old.holdsUntil + 1;
    await expect(desk.send(form, old.id)).rejects.toMatchObject({ id: 'page.problem.stale' });
    expect(seller.received).toHaveLength(1);
  });

  test('sends the members of the form alone: none is added, none of the preset comes back', async () => {
    await desk.send(formOf(seller.at, { members: { activity: 'newInstance', extra: [1, { a: '值' }], testFlag: 1 } }));
    expect(seller.received).toEqual(['{"activity":"newInstance","extra":[1,{"a":"值"}],"testFlag":1}']);
  });

  test('stamps V1.0 and Kit calls anew each time, unless a time is given by hand', () => {
    const draft = {
      product: 'demo',
      at: seller.at,
      family: 'saas-v1',
      activity: 'queryInstance',
      charging: 'period',
      test: true,
    } as const;
    const { members } = desk.preset(draft);
    expect(members).not.toHaveProperty('timeStamp');
    const timeStamp = (form: CallForm) => new URL(desk.sign(form).url).searchParams.get('timeStamp');
    expect(timeStamp({ ...draft, members })).toMatch(/^\d{17}$/);
    expect(timeStamp({ ...draft, members: { ...members, timeStamp: '1' } })).toBe('1');
  });

  test('opens the login data', async () => {
    const members = { activity: 'queryInstance', instanceId: 'i-1', testFlag: '1' };
    const { credentials } = await desk.send(formOf(seller.at, { activity: 'queryInstance', members }));
    expect(credentials).toMatchObject([{ instanceId: 'i-1', userName: 'owner', password: 'Initial-1234' }]);
  });

  test('gives out neither an access key nor the text that was signed', async () => {
    const form = formOf(seller.at);
    const told = JSON.stringify([desk.preset(form), desk.sign(form), await desk.send(form), exchanges]);
    for (const key of Object.values(KEYS).flat()) expect(told).not.toContain(key);
    expect(told).not.toMatch(/PRIVATE KEY|canonical|stringToSign/);
  });

  test('lets only what passed be saved', async () => {
    const form = formOf(seller.at);
    const good = await desk.send(form);
    expect(desk.passedForm(good.id)).toEqual(form);
    seller.unsigned = true;
    const bad = await desk.send(form);
    seller.unsigned = false;
    expect(bad).toMatchObject({ passed: false, console: 'console.body-sign' });
    expect(() => desk.passedForm(bad.id)).toThrow('page.problem.not-passed');
  });

  test('says why nothing came back', async () => {
    const report = await desk.send(formOf('http://127.0.0.1:1/produce/demo'));
    expect(report).toMatchObject({ passed: false, response: { kind: 'failure', reason: 'no-connection' } });
  });
});
