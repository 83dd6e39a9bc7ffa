import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defineProducts } from '../../lib/config/products.ts';
import { fitLengths } from '../../lib/middleware/fit-lengths.ts';
import type { Answer, InstanceInfo, RouteState } from '../../lib/middleware/route.ts';
import { signBody } from '../../lib/middleware/sign-body.ts';
import { ACCESS_LENGTHS, ANSWER_LENGTHS, USAGE_LENGTHS } from '../../lib/protocol/answer-lengths.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { createTestShop } from '../../scripts/testing/index.ts';
import { recordingLog, routeRequest } from './support.ts';

/** The field tables of the documents, read anew and not from the code: member, most characters. */
const DOCUMENTED = {
  // zh-cn_topic_0070649427 (2025-09-09), zh-cn_topic_0070649428 (2025-11-13), V1.0: newInstance and queryInstance
  answer: { resultCode: 6, resultMsg: 255, encryptType: 3, instanceId: 64 },
  appInfo: { frontEndUrl: 512, adminUrl: 512, userName: 128, password: 128, memo: 1024 },
  usageInfo: { relatedInstanceId: 64, usageValue: 20, statisticalTime: 20, dashboardUrl: 512 },
} as const;

const mostOf = (rules: Readonly<Record<string, { readonly most: number }>>) =>
  Object.fromEntries(Object.entries(rules).map(([name, { most }]) => [name, most]));

test('the lengths are those of the field tables', () => {
  expect(mostOf(ANSWER_LENGTHS)).toEqual(DOCUMENTED.answer);
  expect(mostOf(ACCESS_LENGTHS)).toEqual(DOCUMENTED.appInfo);
  expect(mostOf(USAGE_LENGTHS)).toEqual(DOCUMENTED.usageInfo);
});

/** The answer as it leaves, read as the marketplace reads it. */
function sent(answer: Answer, internal: RouteState = {}) {
  const log = recordingLog();
  const request = routeRequest({ internal: { answerKey: 'key', ...internal }, response: answer });
  fitLengths({ log }).after?.(request);
  signBody().after?.(request);
  const { body } = request.response as { body: string };
  return { json: JSON.parse(body), logged: log.entries };
}

/** Members that are longer than their table says. */
function tooLong(value: unknown, table: Readonly<Record<string, number>>): string[] {
  return Object.entries(table)
    .filter(([name, most]) => String(Object(value)[name] ?? '').length > most)
    .map(([name]) => name);
}

function everythingTooLong(json: Record<string, unknown>): string[] {
  const info = Array.isArray(json.info) ? json.info : [];
  return [
    ...tooLong(json, DOCUMENTED.answer),
    ...[json, ...info].flatMap(({ instanceId, appInfo }) => [
      ...tooLong({ instanceId }, DOCUMENTED.answer),
      ...tooLong(appInfo, DOCUMENTED.appInfo),
    ]),
    ...info.flatMap(({ usageInfo = [] }) =>
      usageInfo.flatMap((entry: unknown) => tooLong(entry, DOCUMENTED.usageInfo)),
    ),
  ];
}

const text = (most: number) =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: most + 2 }),
    fc.integer({ min: Math.max(0, most - 2), max: most + 40 }).map((length) => '😀'.repeat(length).slice(0, length)),
  );
const record = (table: Readonly<Record<string, number>>, required: string) =>
  fc.record(Object.fromEntries(Object.entries(table).map(([name, most]) => [name, text(most)])), {
    requiredKeys: [required],
  });
const instance = fc.record(
  {
    instanceId: text(64),
    appInfo: record(DOCUMENTED.appInfo, 'frontEndUrl'),
    usageInfo: fc.array(record(DOCUMENTED.usageInfo, 'statisticalTime'), { maxLength: 2 }),
  },
  { requiredKeys: ['instanceId'] },
);
const answers = fc.record(
  {
    resultCode: fc.constant('000000' as const),
    resultMsg: text(255),
    instanceId: text(64),
    appInfo: record(DOCUMENTED.appInfo, 'frontEndUrl'),
    info: fc.array(instance, { maxLength: 3 }),
  },
  { requiredKeys: ['resultCode', 'resultMsg'] },
);

test('no answer ever leaves with a member longer than its table says', () => {
  fc.assert(
    fc.property(answers, (answer) => {
      expect(everythingTooLong(sent(answer as unknown as Answer).json)).toEqual([]);
    }),
    { numRuns: 80, seed: 20261130 },
  );
});

const access = { frontEndUrl: 'https://a.example.com' };

test('texts for people are cut without half a character, addresses that can be done without are left out', () => {
  const cut = sent({ resultCode: '000005', resultMsg: '😀'.repeat(200) }).json.resultMsg;
  expect(cut).toBe(`${'😀'.repeat(127)}…`);
  const long: InstanceInfo = {
    instanceId: 'i',
    appInfo: { ...access, memo: 'm'.repeat(1_025), adminUrl: `https://${'a'.repeat(512)}` },
  };
  const { info } = sent({ resultCode: '000000', resultMsg: 'success.', info: [long] }).json;
  expect(info).toEqual([{ instanceId: 'i', appInfo: { ...access, memo: `${'m'.repeat(1_023)}…` } }]);
});

test('an instance whose credentials do not fit is left out with an error, and the answer is 000005 if it was the only one', () => {
  const faulty = { instanceId: 'faulty', appInfo: { ...access, password: 'secret'.repeat(22) } };
  const good = { instanceId: 'good', appInfo: access };
  const both = sent({ resultCode: '000000', resultMsg: 'success.', info: [faulty, good] });
  expect(both.json.info).toEqual([good]);
  expect(both.logged.map(({ level }) => level)).toEqual(['error', 'metric']);
  const one = sent({ resultCode: '000000', resultMsg: 'success.', info: [faulty] });
  expect(one.json).toEqual({ resultCode: '000005', resultMsg: 'internal error' });
  expect(JSON.stringify(both.logged)).not.toContain('secretsecret');
});

test('cipher texts of RSA, for which no table has room, pass', () => {
  const credentials = { scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' } as const;
  const product = defineProducts({ crm: { seller: {} as Seller, credentials } }).get('crm');
  const info = [{ instanceId: 'i', appInfo: { ...access, userName: 'c'.repeat(512) } }];
  const { json } = sent(
    { resultCode: '000000', resultMsg: 'success.', info },
    product === undefined ? {} : { product },
  );
  expect(json.info).toEqual(info);
});

test('a seller’s long reason reaches the marketplace at the length of its field', async () => {
  const seller = { ...demoSeller, canChange: async () => ({ allowed: false, reason: 'full '.repeat(80) }) };
  const shop = createTestShop({ products: { crm: { seller } } });
  const { instanceId } = await shop.marketplace.buy();
  await shop.settle();
  const answer = await shop.marketplace.canChange(instanceId, { linearValue: 5 });
  expect(answer.resultMsg).toHaveLength(255);
});
