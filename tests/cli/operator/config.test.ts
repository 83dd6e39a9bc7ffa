import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { temporaryFolder } from '../../support/command.ts';
import { operate } from './operate.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
const KOOGATE_CONFIG = join(folder.path, 'koogate.config.ts');
writeFileSync(
  KOOGATE_CONFIG,
  `import { defineConfig } from ${JSON.stringify(join(ROOT, 'lib/config/config.ts'))};
import { demoSeller } from ${JSON.stringify(join(ROOT, 'scripts/dev/samples/demo.ts'))};
const own = { ...demoSeller, demonstration: false };
export default defineConfig({
  service: 'my-shop',
  products: {
    crm: { seller: demoSeller },
    'erp-next': { seller: own, formerNames: ['erp'], login: { protocol: 'cas3', appId: 'a', callbackUrl: 'https://a.example.com/', siteUrl: 'https://b.example.com/' } },
    hosted: { backend: 'https://hosted.example.com/hooks' },
  },
  stages: {
    prod: { region: 'ap-southeast-1', table: 'sold', receivers: ['ops'], hostRuleKnown: true,
      products: { crm: { backend: 'https://crm.example.com/hooks' } } },
    test: { purpose: 'test' },
  },
});
`,
);

const config = (...args: string[]) => operate(['config', ...args], { KOOGATE_CONFIG });

describe('koogate config', () => {
  test('tells each value with its origin, as JSON', async () => {
    const { code, output } = await config('--stage', 'prod', '--json');
    expect(code).toBe(0);
    const shown = JSON.parse(output);
    expect(shown.settings).toMatchObject({
      service: { value: 'my-shop', from: 'koogate.config.ts: service' },
      region: { value: 'ap-southeast-1', from: 'koogate.config.ts: stages.prod.region' },
      purpose: { value: 'production', from: 'default' },
      domain: { value: null, from: 'default' },
      table: { value: 'sold', from: 'koogate.config.ts: stages.prod.table' },
      parameters: { value: '/my-shop/prod', from: 'derived from service and stage' },
    });
    expect(shown.products).toEqual([
      {
        id: 'crm',
        name: 'crm',
        formerNames: [],
        families: ['saas-v2', 'order-notify'],
        seller: {
          value: 'https://crm.example.com/hooks',
          from: 'koogate.config.ts: stages.prod.products.crm.backend',
        },
        site: { value: 'china', from: 'default' },
      },
      {
        id: 'erp',
        name: 'erp-next',
        formerNames: ['erp'],
        families: ['saas-v2', 'order-notify'],
        login: 'cas3',
        seller: { value: 'own code', from: 'koogate.config.ts: products.erp-next.seller' },
        site: { value: 'china', from: 'default' },
      },
      expect.objectContaining({
        name: 'hosted',
        seller: { value: 'https://hosted.example.com/hooks', from: 'koogate.config.ts: products.hosted.backend' },
      }),
    ]);
    expect([shown.problems, shown.warnings]).toEqual([[], []]);
  });

  test('shows a table, and ends with 1 for what would stop a deployment', async () => {
    const { code, output } = await config('--stage', 'test');
    expect(code).toBe(1);
    expect(output).toMatch(/^table +my-shop-test +derived from service and stage$/m);
    expect(output).toMatch(
      /^crm +crm +saas-v2, order-notify +china +demo seller +koogate\.config\.ts: products\.crm\.seller$/m,
    );
    expect(output).toContain('Problem: Stage "test" has no region: set stages.test.region');
    expect(output).toContain('Problem: Product "crm" still has a demo seller');
  });

  test('koogate doctor --stage says the same of the settings alone', async () => {
    const doctor = async (...args: string[]) => operate(['doctor', '--only', 'settings', ...args], { KOOGATE_CONFIG });
    expect(await doctor('--stage', 'prod')).toEqual({ code: 0, output: expect.not.stringContaining('Problem') });
    const { code, output } = await doctor('--stage', 'test', '--json');
    const { problems, findings } = JSON.parse(output);
    expect([code, problems.length]).toEqual([1, 2]);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'settings', name: 'region-unset', state: 'unknown' }),
    );
    expect((await doctor('--stage', 'test')).output).toMatch(
      /✗ settings {2}Stage "test" has no region.*\n.*put right/s,
    );
    expect((await doctor('--stage', 'prod', '--only', 'moon')).code).toBe(2);
    expect((await doctor('--stage', 'prod', '--at', 'ftp://x')).code).toBe(2);
    expect((await doctor('--stage', 'prod', '--secrets', '/nowhere')).code).toBe(2);
    expect((await doctor('--stage', 'prod', '--secrets', KOOGATE_CONFIG)).code).toBe(2);
  });

  test.each([
    [['--stage', 'live'], 'no stage "live". Take one of: prod, test.'],
    [[], 'Say which stage: --stage with one of prod, test.'],
    [['prod'], '"prod" is not expected here'],
  ])('%j is a usage error that lists what there is', async (args, sentence) => {
    const { code, output } = await config(...args);
    expect([code, output]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
