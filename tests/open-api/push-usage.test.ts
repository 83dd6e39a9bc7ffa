import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RECORD_CODES, UsagePushError } from '../../lib/open-api/index.ts';
import { ACCESS_KEYS, failure, record, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.standIn.faults.clear();
  world.pauses.length = 0;
});

describe('the usage push', () => {
  test('is taken by a marketplace that checks both signatures and the order of names', async () => {
    const given = record(10, { packageInstanceId: 'pkg-1' });
    expect(await world.client.pushUsage([given])).toEqual([{ meteringSn: 'sn-10', outcome: 'accepted' }]);
    expect(world.standIn.usage.charged.get('sn-10')).toEqual({
      begin_time: '20260101T150405Z',
      end_time: '20260101T160405Z',
      instance_id: 'od-77',
      metering_sn: 'sn-10',
      record_time: '20260102T030305Z',
      relate_pkg_instance: 'pkg-1',
      usage_value: '99.5',
    });
  });

  test('sends a number as a number, for the site that wants one', async () => {
    await world.client.pushUsage([record(11, { usageValue: 0.25 })]);
    expect(world.standIn.usage.charged.get('sn-11')?.usage_value).toBe(0.25);
  });

  test('holds Chinese, quotes and slashes in its signature', async () => {
    const meteringSn = '话单"12"\\/\u2028';
    await world.client.pushUsage([record(12, { meteringSn })]);
    expect(world.standIn.usage.charged.has(meteringSn)).toBe(true);
  });

  test('charges once when the answer is lost after the records were taken', async () => {
    world.standIn.faults.next('usage push', { cut: true, taken: true }, { status: 502, taken: true });
    const results = await world.client.pushUsage([record(20), record(21)]);
    expect(results.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['duplicate', '005'],
      ['duplicate', '005'],
    ]);
    expect(world.standIn.usage.charged.has('sn-20')).toBe(true);
  });

  test('tells the same interval under another number from the same number', async () => {
    await world.client.pushUsage([record(30)]);
    const [again] = await world.client.pushUsage([record(30, { meteringSn: 'sn-30-other' })]);
    expect(again).toMatchObject({ outcome: 'duplicate', code: '010' });
    expect(world.standIn.usage.charged.has('sn-30-other')).toBe(false);
  });

  test.each(Object.entries(RECORD_CODES))('gives each record its own result: %s', async (code, { action, meaning }) => {
    const number = 100 + Number(code) * 3;
    world.standIn.usage.refuse('od-bad', code);
    const results = await world.client.pushUsage([
      record(number),
      record(number + 1, { instanceId: 'od-bad' }),
      record(number + 2),
    ]);
    expect(results).toEqual([
      { meteringSn: `sn-${number}`, outcome: 'unsettled' },
      { meteringSn: `sn-${number + 1}`, outcome: action === 'none' ? 'duplicate' : 'refused', code, action, meaning },
      { meteringSn: `sn-${number + 2}`, outcome: 'unsettled' },
    ]);
    // Whether the others were taken is not documented; pushed again they are, once.
    const settled = await world.client.pushUsage([record(number), record(number + 2)]);
    expect(settled.map(({ outcome }) => outcome)).toEqual(['duplicate', 'duplicate']);
  });

  test('settles the others in a marketplace that took none of them', async () => {
    world.standIn.usage.takesTheOthers = false;
    world.standIn.usage.refuse('od-bad', '013');
    await world.client.pushUsage([record(60), record(61, { instanceId: 'od-bad' })]);
    world.standIn.usage.takesTheOthers = true;
    expect(world.standIn.usage.charged.has('sn-60')).toBe(false);
    expect(await world.client.pushUsage([record(60)])).toEqual([{ meteringSn: 'sn-60', outcome: 'accepted' }]);
  });

  test.each([
    ['beside the code', { abnormal_usage_data: [{ metering_sn: 'sn-70', error_code: '003' }] }],
    ['in an object of any name', { result: { abnormal_usage_data: [{ metering_sn: 'sn-70', error_code: '003' }] } }],
    ['with a number for a code', { data: { abnormal_usage_data: [{ metering_sn: 'sn-70', error_code: 3 }] } }],
    ['with the code by another name', { data: { abnormal_usage_data: [{ metering_sn: 'sn-70', code: '003' }] } }],
    [
      'among entries that nobody can read',
      { data: { abnormal_usage_data: [null, 7, { metering_sn: 'sn-70', error_code: '003' }] } },
    ],
  ])('finds the list of refused records %s', async (_, members) => {
    world.standIn.faults.next('usage push', { body: { error_code: '94060999', ...members } });
    expect(await world.client.pushUsage([record(70), record(71)])).toMatchObject([
      { meteringSn: 'sn-70', outcome: 'refused', code: '003' },
      { meteringSn: 'sn-71', outcome: 'unsettled' },
    ]);
  });

  test('waits for a record that it lists without a code, as for one whose code no page names', async () => {
    const data = { abnormal_usage_data: [{ metering_sn: 'sn-76' }] };
    world.standIn.faults.next('usage push', { body: { error_code: '94060999', data } });
    expect(await world.client.pushUsage([record(76), record(77)])).toMatchObject([
      { meteringSn: 'sn-76', outcome: 'refused', code: '000', meaning: expect.stringContaining('look the code up') },
      { meteringSn: 'sn-77', outcome: 'unsettled' },
    ]);
  });

  test('takes the code of a site that says it as the order query does', async () => {
    const data = { abnormal_usage_data: [{ metering_sn: 'sn-78', error_code: '003' }] };
    world.standIn.faults.next('usage push', { body: { resultCode: 'MKT.0000', data } });
    expect(await world.client.pushUsage([record(78), record(79)])).toMatchObject([
      { meteringSn: 'sn-78', outcome: 'refused', code: '003' },
      { meteringSn: 'sn-79', outcome: 'accepted' },
    ]);
  });

  test('takes no record for accepted while the list holds an entry that nobody can read', async () => {
    const data = { abnormal_usage_data: [{ serial: 'sn-75', error_code: '003' }] };
    world.standIn.faults.next('usage push', { body: { error_code: 'MKT.0000', data } });
    expect(await world.client.pushUsage([record(74), record(75)])).toEqual([
      { meteringSn: 'sn-74', outcome: 'unsettled' },
      { meteringSn: 'sn-75', outcome: 'unsettled' },
    ]);
  });

  test('heeds a list of refused records beside success, too', async () => {
    const data = { abnormal_usage_data: [{ metering_sn: 'sn-72', error_code: '099' }] };
    world.standIn.faults.next('usage push', { body: { error_code: 'MKT.0000', data } });
    expect(await world.client.pushUsage([record(72), record(73)])).toMatchObject([
      { outcome: 'refused', code: '099', action: 'correct' },
      { outcome: 'accepted' },
    ]);
  });

  test('takes nothing for refused or accepted when the list is missing', async () => {
    world.standIn.faults.next('usage push', { body: { error_code: '94060999', data: { abnormal_usage_data: [] } } });
    const error = await failure(world.client.pushUsage([record(74)]));
    expect(error).toMatchObject({ code: '94060999', action: 'query', uncertain: true, permanent: false });
  });
});

describe('the access key', () => {
  test('that is older is tried when the newest is refused', async () => {
    const older = await startWorld({}, ACCESS_KEYS[1]);
    expect(await older.client.pushUsage([record(1)])).toMatchObject([{ outcome: 'accepted' }]);
    await older.stop();
  });

  test('that is newest is the only one tried as long as it is taken', async () => {
    let asked = 0;
    world.standIn.faults.choose('usage push', () => {
      asked += 1;
      return undefined;
    });
    await world.client.pushUsage([record(80)]);
    expect(asked).toBe(1);
  });

  test('being unknown, all of them, ends in an error that says which key to check', async () => {
    const other = await startWorld({}, 'a third one');
    const error = await failure(other.client.pushUsage([record(1)]));
    expect(error).toMatchObject({ code: 'MKT.0102', action: 'check-setup' });
    expect(error.message).toContain('access key of the base interfaces');
    await other.stop();
  });

  test('is not replaced for any other refusal', async () => {
    let asked = 0;
    world.standIn.faults.choose('usage push', () => {
      asked += 1;
      return { code: 'MKT.0150' };
    });
    await failure(world.client.pushUsage([record(81)]));
    expect(asked).toBe(1);
  });

  test('may be given by a function, and missing it is said before anything is sent', async () => {
    const without = await startWorld({ accessKeys: async () => [] });
    const error = await failure(without.client.pushUsage([record(1)]));
    expect(error).toMatchObject({ code: 'invalid', permanent: true });
    expect(error.message).toContain('needs the access key');
    await without.stop();
  });
});

describe('before anything is sent', () => {
  test.each([
    ['no records', []],
    ['more than 1000', Array.from({ length: 1001 }, (_, number) => record(number))],
    ['a number twice', [record(1), record(1)]],
  ])('%s are refused', async (_, records) => {
    const error = await failure(world.client.pushUsage(records));
    expect(error).toBeInstanceOf(UsagePushError);
    expect(error).toMatchObject({ code: 'invalid', permanent: true, uncertain: false });
  });
});

describe('the old usage push', () => {
  test('sends the product in place of the number, and nothing else signed', async () => {
    await world.client.pushUsageOld([{ ...record(200), productId: 'product-1' }]);
    const [taken] = [...world.standIn.usage.charged.values()].slice(-1);
    expect(taken).toMatchObject({ product_id: 'product-1', usage_value: '99.5' });
    expect(taken).not.toHaveProperty('metering_sn');
  });

  test('is charged once when its answer is lost', async () => {
    const before = world.standIn.usage.charged.size;
    world.standIn.faults.next('old usage push', { cut: true, taken: true });
    await world.client.pushUsageOld([{ ...record(201), productId: 'product-1' }]);
    expect(world.standIn.usage.charged.size).toBe(before + 1);
  });
});
