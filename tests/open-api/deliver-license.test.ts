import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deliverLicense } from '../../lib/open-api/deliver-license.ts';
import { createOpenApis, type OpenApis } from '../../lib/open-api/open-api.ts';
import { uploadFile, uploadText } from '../../lib/open-api/upload.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';

const KEYS = { accessKeyId: 'AK', secretAccessKey: 'SK' };
let standIn: StandIn;
let openApis: OpenApis;

beforeAll(async () => {
  standIn = await startStandIn({ keys: KEYS });
  openApis = createOpenApis({ baseUrl: standIn.url, keys: async () => KEYS, clock: Date.now });
});
afterAll(() => standIn.stop());

test('a text of 1024 characters is sent as such, a longer one as a file, and bytes as they are', async () => {
  await deliverLicense(openApis, 'evt-1', '许'.repeat(1_024));
  await deliverLicense(openApis, 'evt-2', '许'.repeat(1_025));
  const bytes = Buffer.from([0, 255, 13, 10, 0]);
  await deliverLicense(openApis, 'evt-3', { name: 'device.lic', content: bytes });
  const [text, long, file] = standIn.uploads;
  expect(text).toEqual({ eventId: 'evt-1', text: '许'.repeat(1_024) });
  expect(long?.file?.name).toBe('license.txt');
  expect(long?.file?.content.toString('utf8')).toBe('许'.repeat(1_025));
  expect(file?.file?.name).toBe('device.lic');
  expect(file?.file?.content.equals(bytes)).toBe(true);
});

test('what is longer than the field of the upload is refused before anything is sent', async () => {
  const sent = standIn.uploads.length;
  await expect(uploadText(openApis, 'evt', 'x'.repeat(1_025))).rejects.toMatchObject({ code: 'invalid' });
  const file = { name: 'n'.repeat(1_025), content: new Blob(['x']) };
  await expect(uploadFile(openApis, 'evt', file)).rejects.toMatchObject({ code: 'invalid' });
  expect(standIn.uploads).toHaveLength(sent);
});
