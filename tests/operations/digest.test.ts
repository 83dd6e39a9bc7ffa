import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Message } from '../../lib/alarms/message.ts';
import type { Receiver } from '../../lib/alarms/receivers.ts';
import { readOpen } from '../../lib/alarms/state.ts';
import { defineProducts } from '../../lib/config/products.ts';
import { readItem } from '../../lib/instances/write.ts';
import type { ServerCertificate } from '../../lib/operations/certificate.ts';
import { createDigest, type DigestOptions } from '../../lib/operations/digest/digest.ts';
import { beginRound, walkOn } from '../../lib/operations/digest/round.ts';
import { keepDigest, readDigest } from '../../lib/operations/digest/state.ts';
import { digestMessage } from '../../lib/operations/digest/text.ts';
import { recordAlone } from '../../lib/operations/record-action.ts';
import { verifyTable } from '../../lib/operations/verify-audit.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type AlarmWorld, alarmWorld, HOUR, instance, MINUTE, waiting } from '../alarms/support.ts';
import { pagesOf } from '../instances/support.ts';

const AUDIT = 'a'.repeat(32);
/** Nine in the morning in Beijing. */
const NINE = Date.UTC(2026, 2, 18, 1);
const DAY = 24 * HOUR;
const certificate: ServerCertificate = {
  ...{ protocol: 'TLSv1.3', names: ['m.example.com'], issuer: 'CA', validFrom: 0, validTo: 0, daysLeft: 63 },
};

let w: AlarmWorld;
let messages: Message[];
let down: boolean;
beforeEach(() => {
  w = alarmWorld();
  messages = [];
  down = false;
});

const receivers: readonly Receiver[] = [
  {
    name: 'ops',
    send: async (message) => {
      if (down) throw new Error('HTTP 500');
      messages.push(message);
    },
  },
  { name: 'pager', from: 'critical', send: () => Promise.reject(new Error('It hears of nothing else.')) },
];
const made = (more: Partial<DigestOptions> = {}) =>
  createDigest({
    ...{ table: w.table, products: defineProducts({ demo: { seller: demoSeller } }), receivers, hour: 9 },
    ...{
      from: 'shop prod',
      owner: String(Math.random()),
      domain: 'm.example.com',
      log: w.log,
      clock: () => w.time.now,
    },
    hmacKeys: async () => ({ audit: AUDIT, customer: '' }),
    certificateOf: async () => certificate,
    ...more,
  });
/** Lets two servers look each minute. */
async function pass(minutes: number, servers = [made(), made()]) {
  for (let minute = 0; minute < minutes; minute += 1) {
    w.time.now += MINUTE;
    await Promise.all(servers.map((server) => server.step()));
  }
}
async function bought(id: string, createdAt: number, members: object = {}) {
  await w.put(instance(id, { createdAt, ...members }));
  const key = { pk: `INSTANCE#demo#${id}`, sk: 'INSTANCE' };
  await recordAlone(w.table, key, { action: 'retry', by: 'me', at: createdAt, key: AUDIT });
}

describe('the digest', () => {
  test('is sent once a day by two servers, some minutes after the hour, to those who hear of everything', async () => {
    w.time.now = NINE - 10 * MINUTE;
    const servers = [made(), made()];
    await pass(13, servers);
    expect(messages).toEqual([]);
    await pass(60, servers);
    expect(messages).toHaveLength(1);
    await pass(24 * 60, servers);
    expect(messages).toHaveLength(2);
    expect(messages.map(({ subject }) => subject.en)).toEqual([
      'KooGate shop prod: digest of 2026-03-18',
      'KooGate shop prod: digest of 2026-03-19',
    ]);
    expect(messages[0]?.severity).toBe('info');
  });

  test('has the figures of the day, and the root that koogate audit verify finds', async () => {
    w.time.now = NINE;
    await bought('a', NINE - HOUR, { ...waiting('renew', NINE - HOUR), lastError: 'Error: down' });
    await bought('b', NINE - 2 * DAY);
    await w.put({ pk: 'ALARM', sk: 'drift#', rule: 'drift', group: '', openedAt: NINE });
    w.counts.count({
      product: 'demo',
      proven: { isTest: true, resultCode: '000003', key: 'base_0_abc123', milliseconds: 20 },
    });
    await w.counts.flush();
    await pass(10);
    const [{ text, digest } = { text: { en: '', zh: '' }, digest: {} }] = messages;
    const { root } = await verifyTable(w.table, AUDIT, { until: NINE });
    expect(text.en.split('\n')).toEqual([
      'demo: 1 bought in a day',
      '  waiting: 1, of these failing: 1',
      '  delisting: at least 0 / 5 failed orders this month, 1 / 5 failed dial-test days in a row',
      '  last dial test: 2026-03-18 01:00Z, 000003',
      '  calls in 24 hours: 1 verified, of these 1 not answered 000000; 0 unverified',
      '  key base abc123: seen last 2026-03-18 01:00Z',
      '',
      'About to fail: 1, first a: Error: down',
      'Usage waiting: none',
      'Alarms open: 1 (drift)',
      'Certificate of m.example.com: 63 days left',
      'Histories: 2 verified, 0 broken entries',
      `Audit root ${root}, until 2026-03-18 01:00Z`,
    ]);
    expect(text.zh).toContain(`审计根 ${root}`);
    expect(text.zh.split('\n')).toHaveLength(text.en.split('\n').length);
    expect(digest).toMatchObject({ finished: { root, bought: { demo: 1 } }, certificate: { daysLeft: 63 } });
  });

  test('says what could not be seen', async () => {
    w.time.now = NINE;
    await pass(10, [
      made({
        certificateOf: async () => {
          throw 'down';
        },
      }),
    ]);
    w.time.now = NINE + DAY;
    await pass(10, [made({ domain: undefined })]);
    w.time.now = NINE + 2 * DAY;
    await pass(10, [made({ certificateOf: async () => ({ ...certificate, refusal: 'CERT_HAS_EXPIRED' }) })]);
    const texts = messages.map(({ text }) => text.en);
    expect(texts[0]).toContain('Certificate of m.example.com: could not be seen (down)');
    expect(texts[1]).toContain('its domain is not in the settings');
    expect(texts[2]).toContain('63 days left (CERT_HAS_EXPIRED)');
    expect(texts[0]).toContain('last dial test: none for five days');
  });

  test('goes without a root where the key of the histories is not there, after a while', async () => {
    w.time.now = NINE;
    const server = made({ hmacKeys: () => Promise.reject(new Error('denied')) });
    await pass(19, [server]);
    expect(messages).toEqual([]);
    await pass(2, [server]);
    expect(messages[0]?.text.en).toContain('Audit root: none yet');
  });

  test('that nobody took is sent again, and the receiver is an alarm; too late it is given up', async () => {
    w.time.now = NINE;
    down = true;
    await pass(10);
    expect(messages).toEqual([]);
    expect(await readOpen(w.table)).toMatchObject([{ rule: 'receiver-failing', group: 'ops' }]);
    down = false;
    await pass(2);
    expect(messages).toHaveLength(1);
    expect(await readOpen(w.table)).toMatchObject([{ group: 'ops', goneAt: expect.any(Number) }]);
    down = true;
    w.time.now = NINE + DAY;
    await pass(10);
    w.time.now = NINE + DAY + 6 * HOUR;
    down = false;
    await pass(10);
    expect(messages).toHaveLength(1);
    expect(await readDigest(w.table)).toMatchObject({ sentFor: NINE + DAY });
  });

  test('is not sent at the first start in the middle of the day, and a fault is a line of the log', async () => {
    w.time.now = NINE + 7 * HOUR;
    await pass(10);
    expect(messages).toEqual([]);
    w.faults.next = () => {
      throw new Error('gone');
    };
    await made().step();
    expect(w.log.entries.at(-1)).toMatchObject({ message: 'The daily digest cannot go on.' });
  });

  test('of a server that died is sent by another after five minutes', async () => {
    w.time.now = NINE + 5 * MINUTE;
    const dying = made({ hmacKeys: () => new Promise(() => {}) });
    void dying.step();
    await new Promise(setImmediate);
    await pass(4);
    expect(messages).toEqual([]);
    await pass(6, [made()]);
    expect(messages).toHaveLength(1);
  });
});

test('usage and its deadline, older keys and what they wait for are in it', () => {
  const product = {
    ...{ product: 'demo', waiting: 0, failing: 0, calls: [] },
    delisting: { month: NINE, failedOrders: 2, mostFailedOrders: 5, failedDays: 0, mostFailedDays: 5, days: [] },
    keys: [
      { keyClass: 'base', fingerprint: 'abc', isNewest: true, firstAt: NINE, lastAt: NINE },
      { keyClass: 'base', fingerprint: 'def', isNewest: false, firstAt: NINE, lastAt: NINE },
      { keyClass: 'kit', fingerprint: 'fed', isNewest: false, firstAt: NINE, lastAt: NINE, removableSince: NINE },
    ],
  };
  const overview = { at: NINE, products: [product], failing: [], alarms: [], isCut: false, unseen: [] };
  const textOf = (usage: object) => digestMessage('shop prod', { overview: { ...overview, usage } as never }).text;
  const { en, zh } = textOf({ records: 3, deadline: NINE });
  expect(en).toContain('key base abc: seen last 2026-03-18 01:00Z\n');
  expect(en).toContain('key base def: seen last 2026-03-18 01:00Z, older, still needed');
  expect(en).toContain('older, may be removed since 2026-03-18 01:00Z');
  expect(en).toContain('Usage waiting: 3 records, the oldest taken until 2026-03-18 01:00Z');
  expect(en).toContain('Alarms open: none');
  expect(zh).toContain('待上报用量：3 条，最早一条截止 2026-03-18 01:00Z');
  expect(zh).toContain('，较旧，自 2026-03-18 01:00Z 起可删除');
  expect(zh).toContain('，较旧，仍需保留');
  expect(textOf({ records: 3 }).en).toContain('taken until –');
});

describe('a round', () => {
  test('in pieces finds what one pass finds, and goes on where another ended', async () => {
    w.time.now = NINE;
    for (let id = 0; id < 20; id += 1) await bought(`i-${id}`, NINE - id * 2 * HOUR);
    const { root } = await verifyTable(w.table, AUDIT, { until: NINE - 3 * HOUR });
    const paged = pagesOf(3, w.table);
    let walked: Awaited<ReturnType<typeof walkOn>> = { round: beginRound(NINE - 3 * HOUR) };
    let pieces = 0;
    while ('round' in walked && pieces < 100) {
      let time = 0;
      const clock = () => {
        time += 5_000; // a piece ends after its second partition
        return time;
      };
      walked = await walkOn(paged, AUDIT, JSON.parse(JSON.stringify(walked.round)), clock);
      pieces += 1;
    }
    expect(pieces).toBeGreaterThan(5);
    expect(walked).toMatchObject({ finished: { root, histories: 20, findings: 0, bought: { demo: 12 } } });
  });

  test('that is larger than a look is gone on with by the next, and the digest has the root of the round before', async () => {
    w.time.now = NINE;
    for (const id of ['a', 'b', 'c']) await bought(id, NINE - HOUR);
    await pass(10);
    const before = messages[0]?.text.en.match(/Audit root \w+/)?.[0];
    w.time.now = NINE + DAY;
    await bought('d', NINE + DAY - HOUR);
    let calls = 0;
    const slow = () => {
      calls += 1;
      return w.time.now + calls * 4_000;
    };
    await pass(2, [made({ clock: slow })]);
    expect(await readItem(w.table, { pk: 'DIGEST', sk: 'DIGEST' })).toMatchObject({ round: { until: NINE + DAY } });
    const state = await readDigest(w.table);
    expect(state.finished?.until).toBe(NINE);
    expect(before).toBe(`Audit root ${state.finished?.root}`);
    w.time.now = NINE + DAY + 20 * MINUTE;
    await pass(1, [made({ hmacKeys: async () => undefined })]);
    expect(messages.at(-1)?.text.en).toContain(before);
  });

  test('is kept by one of two that go on with it', async () => {
    const state = await readDigest(w.table);
    await keepDigest(w.table, state);
    await expect(keepDigest(w.table, state)).rejects.toThrow('Another process has gone on');
  });
});
