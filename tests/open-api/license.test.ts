import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { failure, KEYS, NOW, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.standIn.faults.clear());

const YEAR = 365 * 86_400_000;

describe('activating a licence', () => {
  test('gives what the answer says of it', async () => {
    const realEffectTime = new Date(NOW);
    expect(await world.client.activateLicense('LIC-1', { realEffectTime })).toEqual({
      license: 'LIC-1',
      confirmedBy: 'answer',
      status: 'ALIVE',
      expiresAt: new Date(NOW + YEAR),
      productId: 'demo-product-year',
      orderId: 'CS2509010930EXAMP',
      amount: 1,
    });
    expect(world.standIn.licenses.find('LIC-1')?.status).toBe('ALIVE');
  });

  test.each([
    ['nothing', undefined],
    ['text that is not JSON', { license_code_info: 'soon' }],
    ['members of other types', { license_code_info: '{"status":"ALIVE","expire_time":7,"amount":"many"}' }],
    ['an object in place of text', { license_code_info: { status: 'ALIVE' } }],
  ])('succeeds though the answer says %s of it', async (_, data) => {
    world.standIn.faults.next('licence activation', { body: { error_code: '92020000', data } });
    expect(await world.client.activateLicense('LIC-2')).toMatchObject({ license: 'LIC-2', confirmedBy: 'answer' });
  });

  test('asks for its state when the answer was lost and the repetition is refused', async () => {
    world.standIn.faults.next('licence activation', { cut: true, taken: true });
    expect(await world.client.activateLicense('LIC-3')).toEqual({
      license: 'LIC-3',
      confirmedBy: 'query',
      status: 'ALIVE',
      activatedAt: new Date(NOW),
      expiresAt: new Date(NOW + YEAR),
      productName: 'Demo',
    });
  });

  test.each([
    ['the page of a proxy', 'LIC-4-1', { status: 502, taken: true }],
    ['an internal error', 'LIC-4-2', { code: '92020001', taken: true }],
  ] as const)('does so after %s, too', async (_, license, fault) => {
    world.standIn.faults.next('licence activation', fault);
    expect(await world.client.activateLicense(license)).toMatchObject({ confirmedBy: 'query' });
  });

  test('does not take a licence for activated by this call that was so before', async () => {
    world.standIn.licenses.set('LIC-5', { status: 'ALIVE', activatedAt: NOW, expiresAt: NOW });
    const error = await failure(world.client.activateLicense('LIC-5'));
    expect(error).toMatchObject({ code: '92020003', action: 'query', uncertain: false });
  });

  test('takes it so when told that an earlier call ended in doubt', async () => {
    world.standIn.faults.choose('licence activation', () => ({ cut: true, taken: true }));
    expect(await failure(world.client.activateLicense('LIC-6'))).toMatchObject({ code: 'connection', uncertain: true });
    world.standIn.faults.clear();
    expect(await world.client.activateLicense('LIC-6', { isRepeat: true })).toMatchObject({ confirmedBy: 'query' });
  });

  test('is refused after all when the query shows another state', async () => {
    world.standIn.licenses.set('LIC-7', { status: 'RELEASED', activatedAt: NOW, expiresAt: NOW });
    expect(await failure(world.client.activateLicense('LIC-7', { isRepeat: true }))).toMatchObject({
      code: '92020003',
    });
  });

  test('stays in doubt when the query fails', async () => {
    world.standIn.faults.next('licence activation', { cut: true, taken: true });
    world.standIn.faults.choose('licence query', () => ({ code: 'APIG.0308' }));
    const error = await failure(world.client.activateLicense('LIC-8'));
    expect(error).toMatchObject({ code: 'APIG.0308', uncertain: true });
    expect(error.message).toMatch(/92020003.*APIG\.0308/);
  });

  test('passes on that the keys cannot be had any more when it comes to ask', async () => {
    let asked = 0;
    const gone = new Error('The keys are gone.');
    const keys = async () => {
      asked += 1;
      if (asked > 1) throw gone;
      return KEYS;
    };
    const other = await startWorld({ keys });
    other.standIn.licenses.set('LIC-10', { status: 'ALIVE', activatedAt: NOW, expiresAt: NOW });
    const error = await other.client.activateLicense('LIC-10', { isRepeat: true }).catch((thrown: unknown) => thrown);
    await other.stop();
    expect(error).toBe(gone);
  });

  test('waits for the buyer to collect the code', async () => {
    world.standIn.licenses.set('LIC-9', { status: 'ISSUED' });
    const error = await failure(world.client.activateLicense('LIC-9'));
    expect(error).toMatchObject({ code: '92020004', action: 'wait', permanent: false });
  });
});

describe('activating licences in a batch', () => {
  test('activates all of them', async () => {
    expect(await world.client.activateLicenses(['B-1', 'B-2'])).toEqual({ confirmedBy: 'answer' });
    expect(world.standIn.licenses.find('B-2')?.status).toBe('ALIVE');
  });

  test('asks for the state of each after a lost answer', async () => {
    world.standIn.faults.next('licence activation v2', { cut: true, taken: true });
    expect(await world.client.activateLicenses(['B-3', 'B-4'])).toEqual({ confirmedBy: 'query' });
  });

  test('is refused when one of them is not active', async () => {
    world.standIn.licenses.set('B-5', { status: 'ALIVE', activatedAt: NOW, expiresAt: NOW });
    world.standIn.licenses.set('B-6', { status: 'EXPIRED', activatedAt: NOW, expiresAt: NOW });
    const error = await failure(world.client.activateLicenses(['B-5', 'B-6'], { isRepeat: true }));
    expect(error.code).toBe('92020003');
  });

  test('names a batch with unknown codes, and one that is too long', async () => {
    expect(await failure(world.client.activateLicenses(['B-7', 'UNKNOWN-1']))).toMatchObject({ code: '92020020' });
    const many = Array.from({ length: 101 }, (_, number) => `B-${number}`);
    expect(await failure(world.client.activateLicenses(many))).toMatchObject({ code: 'invalid', permanent: true });
    expect(await failure(world.client.activateLicenses([]))).toMatchObject({ code: 'invalid' });
  });
});

describe('querying a licence', () => {
  beforeAll(() => world.standIn.licenses.set('Q-1', { status: 'EXPIRED', activatedAt: NOW - YEAR, expiresAt: NOW }));
  const found = {
    license: 'Q-1',
    status: 'EXPIRED',
    activatedAt: new Date(NOW - YEAR),
    expiresAt: new Date(NOW),
    productName: 'Demo',
  };

  test('gives its state, alone and in a batch', async () => {
    const heartbeat = { thirdPartyAccount: 'someone', ip: '192.0.2.1' };
    expect(await world.client.queryLicense('Q-1', { heartbeat })).toEqual(found);
    const { licenses, data } = await world.client.queryLicenses(['Q-1']);
    expect(licenses).toEqual([found]);
    expect(data).toHaveProperty('license_list');
  });

  test('of unknown code, or not activated, says so', async () => {
    expect(await failure(world.client.queryLicense('UNKNOWN'))).toMatchObject({ code: '92020005', action: 'correct' });
    expect(await failure(world.client.queryLicense('Q-2'))).toMatchObject({ code: '92020011', action: 'wait' });
  });

  test.each([
    ['no data', undefined],
    ['no state', { license_code: 'Q-1' }],
    ['another licence', { license_code: 'Q-9', status: 'ALIVE' }],
  ])('does not make a state of an answer with %s', async (_, data) => {
    world.standIn.faults.next('licence query', { body: { error_code: '92020000', data } });
    expect(await failure(world.client.queryLicense('Q-1'))).toMatchObject({ code: 'malformed' });
  });

  test('lets through a state and members that were added since', async () => {
    const data = { license_code: 'Q-1', status: 'PAUSED', news: { any: 1 } };
    world.standIn.faults.next('licence query', { body: { error_code: '92020000', data } });
    expect(await world.client.queryLicense('Q-1')).toEqual({ license: 'Q-1', status: 'PAUSED' });
  });

  test('leaves out a date that is none', async () => {
    const data = { license_code: 'Q-1', status: 'ALIVE', expire_time: 'soon', activate_time: null };
    world.standIn.faults.next('licence query', { body: { error_code: '92020000', data } });
    expect(await world.client.queryLicense('Q-1')).toEqual({ license: 'Q-1', status: 'ALIVE' });
  });

  test.each([[undefined], [{ count: 1 }], [[null, 7, { status: 'ALIVE' }]]])(
    'in a batch survives an answer of any form (%j)',
    async (data) => {
      world.standIn.faults.next('licence query v2', { body: { error_code: '92020000', data } });
      expect(await world.client.queryLicenses(['Q-1'])).toEqual({ licenses: [], data });
    },
  );
});

describe('reporting software usage', () => {
  test('sends client ids or their number', async () => {
    const report = await world.client.reportSoftwareUsage([
      { license: 'S-1', clientIds: ['a', 'b'] },
      { license: 'S-2', activeNumber: 0 },
    ]);
    expect(report).toEqual({ checkFailures: {} });
    expect(world.standIn.softwareUsage.at(-1)).toEqual([
      { license: 'S-1', software_usage_Info: [{ id: 'a' }, { id: 'b' }] },
      { license: 'S-2', software_usage_Info: [{ active_num: 0 }] },
    ]);
  });

  test('passes on what failed a check, whatever its name ends in', async () => {
    const data = { check_fail_licenses: ['S-1'], other: 1 };
    world.standIn.faults.next('software usage report', { body: { error_code: '92020000', data } });
    const { checkFailures } = await world.client.reportSoftwareUsage([{ license: 'S-1', activeNumber: 1 }]);
    expect(checkFailures).toEqual({ check_fail_licenses: ['S-1'] });
  });

  test('takes 1 to 100 licences with 1 to 100 clients', async () => {
    const ids = Array.from({ length: 101 }, (_, number) => `c-${number}`);
    const reports = [[], [{ license: 'S', clientIds: [] }], [{ license: 'S', clientIds: ids }]];
    for (const report of reports) {
      expect(await failure(world.client.reportSoftwareUsage(report))).toMatchObject({
        code: 'invalid',
        permanent: true,
      });
    }
  });
});
