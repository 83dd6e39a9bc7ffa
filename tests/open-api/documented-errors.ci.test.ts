import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Action,
  LicenseError,
  type MarketplaceError,
  OrderQueryError,
  UploadError,
  UsagePushError,
} from '../../lib/open-api/index.ts';
import { DOCUMENTED_ERRORS, type DocumentedError } from '../../scripts/marketplace/stand-in/errors.ts';
import type { ApiName } from '../../scripts/marketplace/stand-in/open-api.ts';
import { API_NAMES, CALLS, failure, startWorld, type World } from './world.ts';

const FAILURES: Readonly<Record<ApiName, abstract new (...given: never[]) => MarketplaceError>> = {
  'order query': OrderQueryError,
  upload: UploadError,
  'usage push': UsagePushError,
  'old usage push': UsagePushError,
  'licence activation': LicenseError,
  'licence activation v2': LicenseError,
  'licence query': LicenseError,
  'licence query v2': LicenseError,
  'software usage report': LicenseError,
};

/** What the documentation makes of each code, by what stands after the dot (with the dot for the gateway's). */
const EXPECTED: Readonly<Record<Action, readonly string[]>> = {
  retry: ['0999', '92020001', '91381036'],
  'slow-down': ['0250', 'APIG.0308'],
  'check-setup': ['0102', '0151', '0154', 'APIG.0301', 'APIG.0303', '94060010', '91380150'],
  wait: ['92020004', '92020011'],
  query: ['92020003', '94060999'],
  correct: [
    ...['0100', '0101', '0150', '0199', '9001', '9002', '9003', '9004', 'APIG.0201'],
    ...['92020002', '92020005', '92020020', '95000001', '95000002', '95000003', '95000004'],
    ...['91381033', '91381034', '91381035', '91381037', '91381038'],
  ],
};

function expectedOf(code: string): Action | undefined {
  const key = code.replace(/^(MKT|CBC)\./, '');
  return (Object.keys(EXPECTED) as Action[]).find((action) => EXPECTED[action].includes(key));
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
  world.standIn.licenses.set('LIC-ALIVE', { status: 'ALIVE', activatedAt: 0, expiresAt: 1 });
});
afterAll(() => world.stop());
beforeEach(() => {
  world.pauses.length = 0;
  world.standIn.faults.clear();
});

const all = API_NAMES.flatMap((api) => DOCUMENTED_ERRORS[api].map((error) => [api, ...error] as const));

describe('each documented error is met as documented:', () => {
  test.each<readonly [ApiName, ...DocumentedError]>(all)('%s, %s with HTTP %s', async (api, code, status) => {
    const action = expectedOf(code);
    world.standIn.faults.choose(api, () => ({ code, status }));

    const error = await failure(CALLS[api](world.client));

    expect(error).toBeInstanceOf(FAILURES[api]);
    expect(error.code).toBe(code);
    expect(error.action).toBe(action);
    // What to do is said, and not as for a code that nobody knows.
    expect(error.message).toMatch(/^The marketplace's .+ answered \S+ .*[:;] ?.+\.$|without saying which/);
    expect(error.message).not.toMatch(/unexpected answer|look the code up/);
    const isRepeated = action === 'retry' || action === 'slow-down';
    expect(world.pauses).toHaveLength(isRepeated ? 2 : 0);
    expect(error.permanent).toBe(action === 'correct' || code === '92020003');
  });

  test('all of them have an expectation, and no expectation is left over', () => {
    const documented = new Set(all.map(([, code]) => code.replace(/^(MKT|CBC)\./, '')));
    expect(new Set(Object.values(EXPECTED).flat())).toEqual(documented);
  });
});

describe.each(API_NAMES)('the %s', (api) => {
  test.each([401, 403, 406, 429, 500, 200])(
    'decides on the code: an internal error with HTTP %s is repeated',
    async (status) => {
      const code = DOCUMENTED_ERRORS[api].some(([each]) => each === '92020001') ? '92020001' : 'MKT.0999';
      world.standIn.faults.next(api, { code, status }, { code, status });
      await CALLS[api](world.client);
      expect(world.pauses).toHaveLength(2);
    },
  );

  test.each([200, 401, 403, 502])('decides on the code: no permission with HTTP %s is not repeated', async (status) => {
    world.standIn.faults.choose(api, () => ({ code: 'MKT.0150', status }));
    expect(await failure(CALLS[api](world.client))).toMatchObject({
      code: 'MKT.0150',
      permanent: true,
      uncertain: false,
    });
    expect(world.pauses).toHaveLength(0);
  });

  test.each([
    ['a broken connection', { cut: true }, 'connection'],
    ['the page of a proxy', { status: 502 }, 'HTTP 502'],
    ['success with the status of a fault', { status: 500 }, 'MKT.0000'],
  ] as const)('is repeated after %s, and says that it may have taken effect', async (_, fault, code) => {
    world.standIn.faults.choose(api, () => (code === 'MKT.0000' ? { status: 500, body: { error_code: code } } : fault));
    expect(await failure(CALLS[api](world.client))).toMatchObject({ code, permanent: false, uncertain: true });
    expect(world.pauses).toHaveLength(2);
  });

  test('does not take an answer without a code for success', async () => {
    world.standIn.faults.choose(api, () => ({ body: { data: {} } }));
    expect(await failure(CALLS[api](world.client))).toMatchObject({ code: 'malformed', permanent: false });
  });

  test('names an unknown code, and repeats nothing else of the answer', async () => {
    const body = { resultCode: '92029999', error_code: '92029999', error_msg: 'AKEXAMPLE sk-never-shown-3f1c' };
    world.standIn.faults.choose(api, () => ({ body }));
    const error = await failure(CALLS[api](world.client));
    expect(error.code).toBe('92029999');
    expect(error.message).toContain('look the code up');
  });

  test('is not sent at all once it is called off', async () => {
    const calledOff = { signal: AbortSignal.abort() };
    const calls: Partial<Record<ApiName, () => Promise<unknown>>> = {
      'order query': () => world.client.queryOrder('A', calledOff),
      upload: () => world.client.uploadText('evt', 'x', calledOff),
      'licence query': () => world.client.queryLicense('LIC', calledOff),
    };
    const call = calls[api];
    if (call === undefined) return;
    expect(await failure(call())).toMatchObject({ code: 'aborted', uncertain: false });
  });
});
