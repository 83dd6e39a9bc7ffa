import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SITES } from '../../../lib/open-api/sites.ts';
import { speaker } from '../../../scripts/cli/messages/index.ts';
import { reachMarketplace } from '../../../scripts/cli/operator/marketplace.ts';
import { productNamed, readPlace, secretsOf, withTableOf } from '../../../scripts/cli/operator/place.ts';
import type { Terminal } from '../../../scripts/cli/terminal/terminal.ts';
import { SAMPLES_CONFIG } from '../../../scripts/dev/demo/stage.ts';
import { AWS_KEYS, type FakeSsm, startFakeSsm } from '../../support/fake-ssm.ts';

let ssm: FakeSsm;

beforeAll(async () => {
  ssm = await startFakeSsm();
  ssm.parameters.set('/koogate/prod/products/demo', JSON.stringify({ accessKeys: { base: ['prod-key'] } }));
  ssm.parameters.set('/elsewhere/products/demo', JSON.stringify({ accessKeys: { base: ['other-key'] } }));
});
afterAll(() => ssm.stop());

const account = (name: string) => ({ accessKeyId: `AK-${name}`, secretAccessKey: `SK-${name}` });

/** A terminal, as far as places need one. */
function terminal(env: Readonly<Record<string, string>> = {}): Terminal {
  const base = { KOOGATE_CONFIG: SAMPLES_CONFIG, KOOGATE_DATA: '/nowhere', AWS_ENDPOINT_URL_SSM: ssm.endpoint };
  return Object({ env: { ...base, ...AWS_KEYS, ...env }, say: speaker('en'), note: () => {} });
}

describe('a stage by its name', () => {
  test('has table, region, secrets and site of the settings, whatever the environment says', async () => {
    const env = {
      KOOGATE_OPENAPI_URL: 'http://127.0.0.1:1',
      KOOGATE_SECRETS: '/nowhere.json',
      AWS_REGION: 'eu-west-1',
    };
    const place = await readPlace({ stage: 'prod' }, terminal(env));
    const { place: site, secrets } = await reachMarketplace(place);
    expect(site).toBe(SITES.china.baseUrl);
    expect((await secrets.product('demo')).accessKeys.base).toEqual(['prod-key']);
    const { name, region } = await withTableOf(place, async ({ table }) => ({
      name: table.name,
      region: await Object(table.client).config.region(),
    }));
    expect([name, region]).toEqual(['koogate-prod', 'ap-southeast-1']);
  });

  test('has the site of each product, with the account of that site', async () => {
    const { stage, ...place } = await readPlace({ stage: 'prod' }, terminal());
    const sites = new Map([['demo', { site: 'europe', account: 'europe' }]]);
    ssm.parameters.set('/koogate/prod/marketplace/europe', JSON.stringify(account('eu')));
    ssm.parameters.set('/koogate/prod/marketplace', JSON.stringify(account('china')));
    const reached = await reachMarketplace({ ...place, ...(stage && { stage: { ...stage, sites } }) });
    expect([reached.siteOf('demo').place, reached.siteOf().place]).toEqual([SITES.europe.baseUrl, SITES.china.baseUrl]);
    expect(reached.place.split(', ')).toEqual([SITES.europe.baseUrl, SITES.china.baseUrl]);
    expect(await reached.secrets.account('europe')).toEqual(account('eu'));
  });

  test('leaves the table and the secrets to be named otherwise', async () => {
    const place = await readPlace({ stage: 'prod', table: 'restored', parameters: '/elsewhere' }, terminal());
    expect(place.table).toBe('restored');
    expect((await (await secretsOf(place)).product('demo')).accessKeys.base).toEqual(['other-key']);
  });
});

describe('a table by its name', () => {
  test('brings the secrets of the stage that it belongs to', async () => {
    const place = await readPlace({ table: 'koogate-prod' }, terminal());
    expect((await (await secretsOf(place)).product('demo')).accessKeys.base).toEqual(['prod-key']);
  });

  test('of no stage needs to be told where the secrets are', async () => {
    const place = await readPlace({ table: 'restored' }, terminal());
    await expect(secretsOf(place)).rejects.toMatchObject({ id: 'problem.parameters', values: { table: 'restored' } });
  });
});

test('a product is found by its name, a former one or its id; an unknown one lists the names', async () => {
  const place = await readPlace({}, terminal());
  const product = { ...[...place.config.products.values()][0], id: 'crm', name: 'crm-next', formerNames: ['crm-old'] };
  const renamed = { ...place, config: { ...place.config, products: new Map([['crm', Object(product)]]) } };
  expect(['crm', 'crm-next', 'crm-old'].map((name) => productNamed(renamed, name))).toEqual(['crm', 'crm', 'crm']);
  expect(() => productNamed(renamed, 'erp')).toThrow(
    expect.objectContaining({ values: { given: 'erp', choices: 'crm-next' } }),
  );
});

test('without a stage and without anything that runs there is no marketplace to ask', async () => {
  const place = await readPlace({}, terminal());
  await expect(reachMarketplace(place)).rejects.toMatchObject({ id: 'problem.marketplace' });
});

test('the table is called in the language of whoever asks', async () => {
  const called = async (locale: 'en' | 'zh') =>
    withTableOf(await readPlace({ stage: 'prod' }, { ...terminal(), locale }), async ({ place }) => place);
  expect([await called('en'), await called('zh')]).toEqual(['the table koogate-prod', '表 koogate-prod']);
});
