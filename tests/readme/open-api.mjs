import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createMarketplaceClient, LicenseError } from 'koogate/open-api';

const { HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, KOOGATE_ACCESS_KEY, KOOGATE_OPENAPI_URL } = process.env;
const marketplace = createMarketplaceClient({
  site: KOOGATE_OPENAPI_URL ? { baseUrl: KOOGATE_OPENAPI_URL } : 'china',
  keys: { accessKeyId: HUAWEICLOUD_SDK_AK, secretAccessKey: HUAWEICLOUD_SDK_SK },
  accessKeys: [KOOGATE_ACCESS_KEY],
});

const order = await marketplace.queryOrder('MOCKONDEMAND');
console.log('bought:', order.orderType, order.line.chargingMode);

const hour = 3_600_000;
const end = new Date(Math.floor(Date.now() / hour) * hour);
const used = { instanceId: 'od-77', beginTime: new Date(end - hour), endTime: end, usageValue: '12.5' };
const [result] = await marketplace.pushUsage([{ ...used, meteringSn: `od-77-${+end}`, recordTime: new Date() }]);
console.log('usage:', result.outcome);

const path = new URL(import.meta.url).pathname; // any file
await marketplace.uploadFile('evt-1', { name: basename(path), content: () => createReadStream(path) });

const { expiresAt } = await marketplace.activateLicense('LIC-DEMO-0001');
console.log('licence until', expiresAt.toISOString());
try {
  await marketplace.activateLicense('LIC-DEMO-0001');
} catch (error) {
  if (!(error instanceof LicenseError)) throw error;
  console.log('again:', error.code, error.action);
  console.log('it is', (await marketplace.queryLicense('LIC-DEMO-0001')).status);
}
