import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Chunk } from '../../lib/tenants/read-departments.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { kitSender } from '../support/kit.ts';

const DAY_S = 86_400;

let installation: Installation;
let send: ReturnType<typeof kitSender>;
let serial = 0;

beforeAll(async () => {
  installation = await startInstallation({ kit: { seller: demoSeller, families: ['kit-v2'] } });
  send = kitSender(installation);
});
afterAll(() => installation.stop());
beforeEach(() => {
  serial += 1;
  installation.time.now += 10_000;
});

/** A tree of two parts. */
const tree = (name: string) => ({
  ...{ instanceId: 'i-1', tenantId: `t-${serial}`, testFlag: 0 },
  orgInfoList: Array.from({ length: 1_500 }, (_, i) => ({
    orgCode: `c${i}`,
    orgName: name.repeat(60),
    parentCode: '',
  })),
});

/** Seconds that each part of the tenant's trees will still be there; undefined for those that stay. */
async function ends(): Promise<readonly (number | undefined)[]> {
  const { client, name } = installation.tools.table;
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      ExpressionAttributeValues: marshall({ ':pk': `TENANT#kit#t-${serial}`, ':prefix': 'i-1#ORGS#' }),
    }),
  );
  const now = Math.ceil(installation.time.now / 1000);
  return Items.map((item) => unmarshall(item) as Chunk).map(({ ttl }) => (ttl === undefined ? undefined : ttl - now));
}

test('the parts of a tree whose pointer cannot be written go by themselves', async () => {
  installation.faults.next = (name) =>
    name === 'UpdateItemCommand' ? Promise.reject(new Error('The table throttles.')) : undefined;
  for (let tries = 0; tries < 2; tries += 1) {
    installation.time.now += 1_000;
    expect((await send('allOrgSync', tree('a'))).json.resultCode).toBe('000005');
  }
  delete installation.faults.next;
  expect(await ends()).toHaveLength(4);
  for (const end of await ends()) expect(end).toBeLessThanOrEqual(30 * DAY_S);
});

test('the parts of the tree that counts stay; those that it has replaced go a day later', async () => {
  await send('allOrgSync', tree('a'));
  await installation.sweep();
  expect(await ends()).toEqual([undefined, undefined]);
  installation.time.now += 1_000;
  await send('allOrgSync', tree('b'));
  await installation.sweep();
  const [first, second, ...newest] = await ends();
  expect([first, second].every((end) => end !== undefined && end <= DAY_S)).toBe(true);
  expect(newest).toEqual([undefined, undefined]);
});

test('a tree that another has replaced before it was carried out does not stay', async () => {
  await send('allOrgSync', tree('a'));
  installation.time.now += 1_000;
  await send('allOrgSync', tree('b'));
  await installation.sweep();
  const [first, second, ...newest] = await ends();
  expect([first, second].every((end) => end !== undefined && end <= DAY_S)).toBe(true);
  expect(newest).toEqual([undefined, undefined]);
});
