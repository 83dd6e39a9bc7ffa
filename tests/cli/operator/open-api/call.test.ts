import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOpenApis } from '../../../../lib/open-api/open-api.ts';
import {
  type Caller,
  callOpenApi,
  hasSucceeded,
  type OpenApiRequest,
} from '../../../../scripts/cli/operator/open-api/call.ts';
import { type StandIn, startStandIn } from '../../../../scripts/marketplace/stand-in/server.ts';

const KEYS = { accessKeyId: 'AK', secretAccessKey: 'SK' };
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
let standIn: StandIn;
let caller: Caller;

beforeAll(async () => {
  standIn = await startStandIn({ keys: KEYS, accessKey: 'base-key', clock: () => NOW });
  const openApis = createOpenApis({ baseUrl: standIn.url, keys: async () => KEYS, clock: () => NOW });
  caller = { openApis, accessKeys: async () => ['base-key'], now: NOW };
});
afterAll(() => standIn.stop());

async function succeeded(request: OpenApiRequest): Promise<unknown> {
  const answer = await callOpenApi(caller, request);
  expect(hasSucceeded(request.case, answer)).toBe(true);
  return answer;
}

test('a test authorisation code is activated, queried and reported on, alone and in a batch', async () => {
  expect(await succeeded({ case: 'license-activate', codes: ['T-1'] })).toMatchObject({ status: 'ALIVE' });
  expect(await succeeded({ case: 'license-query', codes: ['T-1'] })).toMatchObject({ license: 'T-1', status: 'ALIVE' });
  await succeeded({ case: 'license-activate', codes: ['T-2', 'T-3'] });
  await succeeded({ case: 'license-activate', codes: ['T-4'], batch: true });
  expect(await succeeded({ case: 'license-query', codes: ['T-2', 'T-3'] })).toMatchObject({
    licenses: [{ license: 'T-2' }, { license: 'T-3' }],
  });
  await succeeded({ case: 'license-usage', codes: ['T-1'], active: 12 });
  await succeeded({ case: 'license-usage', codes: ['T-1'], clients: ['a', 'b'] });
  expect(standIn.softwareUsage).toEqual([
    [{ license: 'T-1', software_usage_Info: [{ active_num: 12 }] }],
    [{ license: 'T-1', software_usage_Info: [{ id: 'a' }, { id: 'b' }] }],
  ]);
  await expect(callOpenApi(caller, { case: 'license-activate', codes: ['T-1'] })).rejects.toMatchObject({
    code: '92020003',
  });
});

test('an order is queried, usage pushed, a text and a file uploaded', async () => {
  expect(await succeeded({ case: 'order', orderId: 'MOCKONDEMAND' })).toMatchObject({ orderId: 'MOCKONDEMAND' });
  await succeeded({ case: 'usage', instanceId: 'od-1' });
  expect([...standIn.usage.charged.values()]).toEqual([expect.objectContaining({ instance_id: 'od-1' })]);
  await succeeded({ case: 'upload', eventId: 'evt-1', content: 'ABCD' });
  const file = { name: 'a.lic', content: new Blob(['licence']) };
  expect(await succeeded({ case: 'upload', eventId: 'evt-2', content: file })).toMatchObject({
    size: 7,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(standIn.uploads.map(({ eventId, text, file: sent }) => [eventId, text ?? sent?.content.toString()])).toEqual([
    ['evt-1', 'ABCD'],
    ['evt-2', 'licence'],
  ]);
});

test('a record that is refused is no success, though the call was answered', async () => {
  standIn.usage.refuse('od-9', '012');
  const answer = await callOpenApi(caller, { case: 'usage', instanceId: 'od-9' });
  expect(hasSucceeded('usage', answer)).toBe(false);
});
