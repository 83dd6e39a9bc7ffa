import { createHash } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { ensureLocalSecrets, type LocalSecrets } from '../../../scripts/dev/local-secrets.ts';
import { type StandIn, startStandIn } from '../../../scripts/marketplace/stand-in/server.ts';
import { temporaryFolder } from '../../support/command.ts';
import { koogate } from '../desk.ts';
import { operate } from './operate.ts';

const folder = temporaryFolder();
symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
const KOOGATE_CONFIG = join(folder.path, 'koogate.config.ts');
writeFileSync(
  KOOGATE_CONFIG,
  `import { defineConfig } from ${JSON.stringify(join(ROOT, 'lib/config/config.ts'))};
const seller = {} as never;
export default defineConfig({ service: 'my-shop', stages: {}, products: {
  crm: { seller }, lic: { seller, families: ['license-2'] }, eu: { seller, site: 'europe', families: ['license-online'] },
} });
`,
);
const products = [
  { id: 'crm', families: ['saas-v2' as const] },
  { id: 'eu', families: ['license-online' as const], site: 'europe' as const },
];

let secrets: LocalSecrets;
let europe: StandIn;
const env = { KOOGATE_CONFIG, KOOGATE_DATA: folder.path };

beforeAll(async () => {
  secrets = await ensureLocalSecrets(join(folder.path, 'secrets.json'), products, false);
  const keys = secrets.marketplace.sites?.europe;
  if (keys === undefined) throw new Error('There is no account for Europe.');
  europe = await startStandIn({ keys });
});
afterAll(async () => {
  await europe.stop();
  folder.remove();
});

describe('koogate license', () => {
  test('activates, queries and reports, at a stand-in started for the moment', async () => {
    const activated = await operate(['license', 'activate', 'TEST-1', '--json'], env);
    expect([activated.code, JSON.parse(activated.output).status]).toEqual([0, 'ALIVE']);
    expect(await operate(['license', 'usage', 'TEST-1', '--clients', 'a,b'], env)).toMatchObject({ code: 0 });
    const queried = await operate(['license', 'query', 'TEST-1'], env);
    expect(queried).toMatchObject({ code: 1, output: expect.stringContaining('92020011') });
  });

  test.each([
    [['license'], 'activate, query, usage'],
    [['license', 'activate'], 'authorisation code'],
    [['license', 'usage', 'T', '--active', 'x'], '--active'],
    [['license', 'usage', 'T', '--active', '1', '--clients', 'a'], 'not with both'],
    [['license', 'activate', 'T', '--effect', 'soon'], '--effect'],
    [['upload'], 'What is to be uploaded?'],
    [['upload', 'a', '--text', 'b'], 'What is to be uploaded?'],
    [['upload', '/nowhere.lic'], '/nowhere.lic'],
  ])('%j is a usage error', async (args, sentence) => {
    expect(await operate(args, env)).toMatchObject({ code: 2, output: expect.stringContaining(sentence) });
  });
});

test('koogate upload streams a file to the product’s own site, with its account, and shows its SHA-256', async () => {
  const path = join(folder.path, 'big.lic');
  const bytes = Buffer.alloc(3_000_000, 'licence');
  writeFileSync(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const at = { ...env, KOOGATE_OPENAPI_URL: europe.url };
  const { code, out, notes } = await koogate(['upload', path, '--event', 'evt-7', '--product', 'eu'], { env: at });
  expect([code, out]).toEqual([0, expect.stringContaining(sha256)]);
  expect(notes).toBe('');
  expect(europe.uploads).toMatchObject([{ eventId: 'evt-7', file: { name: 'big.lic' } }]);
  expect(europe.uploads[0]?.file?.content.equals(bytes)).toBe(true);
  const refused = await operate(['upload', path, '--product', 'crm'], at);
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('APIG.0301') });
});

test('koogate order asks the product’s own site', async () => {
  const at = { ...env, KOOGATE_OPENAPI_URL: europe.url };
  expect(await operate(['order', 'CS9', '--product', 'eu'], at)).toMatchObject({ code: 0 });
  expect(europe.asked).toEqual(['CS9']);
  expect(await operate(['order', 'CS9'], at)).toMatchObject({ code: 1 });
});
