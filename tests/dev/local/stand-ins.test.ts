import { expect, test } from '@jest/globals';
import { defineConfig } from '../../../lib/config/config.ts';
import { createOpenApis } from '../../../lib/open-api/open-api.ts';
import { pushUsage } from '../../../lib/open-api/push-usage.ts';
import { queryOrder } from '../../../lib/open-api/query-order.ts';
import type { Seller } from '../../../lib/seller/contract.ts';
import { testRecord } from '../../../scripts/cli/operator/open-api/call.ts';
import { startStandIns } from '../../../scripts/dev/local/stand-ins.ts';
import type { LocalSecrets } from '../../../scripts/dev/local-secrets.ts';

const seller = {} as Seller;
const config = defineConfig({
  service: 'shop',
  products: { crm: { seller }, eu: { seller, site: 'europe' } },
  stages: {},
});
const own = { accessKeyId: 'AK', secretAccessKey: 'SK' };
const europe = { accessKeyId: 'AK-EU', secretAccessKey: 'SK-EU' };
const secrets = {
  products: { crm: { accessKeys: { base: ['crm-key'] } }, eu: { accessKeys: { base: ['eu-key'] } } },
  marketplace: { privateKey: '', ...own, sites: { europe } },
} as unknown as LocalSecrets;

test('a local run has a stand-in for each site, which knows its own account and the keys of its own products', async () => {
  const { openApi, openApis, stop } = await startStandIns(config, secrets);
  const reach = (baseUrl: string, keys: typeof own) =>
    createOpenApis({ baseUrl, keys: async () => keys, clock: Date.now });
  const push = (address: string, keys: typeof own, accessKey: string) =>
    pushUsage(reach(address, keys), [accessKey], [testRecord('od-1', Date.now())]);
  try {
    expect(Object.keys(openApis)).toEqual(['europe']);
    const further = openApis.europe ?? '';
    expect(await queryOrder(reach(openApi, own), 'CS1')).toMatchObject({ orderId: 'CS1' });
    expect(await queryOrder(reach(further, europe), 'CS1')).toMatchObject({ orderId: 'CS1' });
    await expect(queryOrder(reach(further, own), 'CS1')).rejects.toMatchObject({ code: 'APIG.0301' });
    expect(await push(further, europe, 'eu-key')).toMatchObject([{ outcome: 'accepted' }]);
    await expect(push(further, europe, 'crm-key')).rejects.toMatchObject({ code: 'MKT.0102' });
    await expect(push(openApi, own, 'eu-key')).rejects.toMatchObject({ code: 'MKT.0102' });
  } finally {
    await stop();
  }
});
