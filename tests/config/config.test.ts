import { describe, expect, test } from '@jest/globals';
import { type ConfigSettings, defineConfig, type StageSettings } from '../../lib/config/config.ts';
import type { Seller } from '../../lib/seller/contract.ts';

const seller = {} as Seller;
const settings = (change: Partial<Record<keyof ConfigSettings, unknown>> = {}): ConfigSettings =>
  ({ service: 'my-shop', products: { crm: { seller } }, stages: { dev: {} }, ...change }) as ConfigSettings;
const withStage = (stage: Record<string, unknown>): ConfigSettings => settings({ stages: { prod: stage } });

test('settings that are right come back with their products completed', () => {
  const config = defineConfig(settings({ retired: ['old-crm'] }));
  expect(config).toMatchObject({ service: 'my-shop', retired: ['old-crm'], stages: { dev: {} } });
  expect(config.products.get('crm')).toMatchObject({ id: 'crm', name: 'crm', formerNames: [], fulfilment: 'async' });
});

test('every setting of a stage is taken', () => {
  const prod: Required<StageSettings> = {
    purpose: 'production',
    host: 'aws',
    region: 'ap-southeast-1',
    site: 'https://mkt.example.com',
    backend: 'https://crm.example.com/koogate',
    receivers: ['ops'],
    webhooks: ['pager'],
    alarms: { robots: { chat: 'feishu' }, severities: { ops: 'warning' }, digest: 9 },
    heartbeat: 'https://beat.example.com/x',
    environment: { CRM_API: 'https://api.example.com' },
    iamStatements: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: '*' }],
    domain: { name: 'market.example.com', certificateArn: 'arn:aws:acm:ap-southeast-1:1:certificate/x' },
    reservedConcurrency: 20,
    login: true,
    usageBatch: 100,
    table: 'shop.prod',
    hostRuleKnown: true,
    server: { address: '0.0.0.0', private: '/run/koogate/private.sock', trustsProxy: true },
    products: { crm: { backend: 'http://localhost:8080/x', onSale: false } },
  };
  expect(defineConfig(settings({ stages: { prod } })).stages.prod).toEqual(prod);
});

describe('settings that are wrong are refused with a sentence that names the setting', () => {
  test.each<[string, unknown, RegExp]>([
    ['no settings at all', undefined, /its default export is missing: must be Object/],
    ['a text', 'my-shop', /its default export must be Object, but is "my-shop"/],
    ['no service', settings({ service: undefined }), /service is missing: must begin with a lower-case letter/],
    [
      'a service with capitals',
      settings({ service: 'MyShop' }),
      /service must begin with a lower-case letter.*"MyShop"/,
    ],
    ['no products', settings({ products: undefined }), /products is missing/],
    ['an empty list of products', settings({ products: {} }), /No product is defined.*koogate\.config\.ts/],
    ['a misspelt setting', settings({ stagess: {} } as object), /stagess is not a setting: check its spelling/],
    ['a misspelt setting of a stage', withStage({ regoin: 'x' }), /stages\.prod\.regoin is not a setting/],
    [
      'an unknown site',
      withStage({ site: 'asia' }),
      /stages\.prod\.site must be one of china, international, europe, or an/,
    ],
    ['a site over plain HTTP', withStage({ site: 'http://mkt.example.com' }), /stages\.prod\.site must be one of/],
    [
      'an unknown purpose',
      withStage({ purpose: 'live' }),
      /stages\.prod\.purpose must be production, test or demonstr/,
    ],
    ['an unknown host', withStage({ host: 'azure' }), /stages\.prod\.host must be aws or server/],
    ['a region that is none', withStage({ region: 'Asia Pacific' }), /stages\.prod\.region must be a region such as/],
    ['a backend over plain HTTP', withStage({ backend: 'http://crm.example.com' }), /backend must be an https address/],
    ['a receiver that is an address', withStage({ receivers: ['a@b.example'] }), /receivers\.0 must be a name/],
    [
      'a reserved variable',
      withStage({ environment: { AWS_REGION: 'x' } }),
      /the name of .*AWS_REGION must be the name of a/,
    ],
    [
      'a variable that is no text',
      withStage({ environment: { PORT: 80 } }),
      /environment\.PORT must be a text, but is 80/,
    ],
    ['a statement without effect', withStage({ iamStatements: [{ Action: 'a', Resource: 'r' }] }), /0\.Effect/],
    [
      'a domain that is an address',
      withStage({ domain: { name: 'https://x', certificateArn: 'arn:aws:acm:x' } }),
      /domain\.name/,
    ],
    ['a batch of none', withStage({ usageBatch: 0 }), /usageBatch must be at least 1, but is 0/],
    ['a batch of too many', withStage({ usageBatch: 1001 }), /usageBatch must be at most 1000/],
    ['half a record', withStage({ usageBatch: 1.5 }), /usageBatch must be a whole number/],
    ['a table with a blank', withStage({ table: 'my table' }), /table must have 3 to 255/],
    [
      'a stage with capitals',
      settings({ stages: { Prod: {} } }),
      /the name of stages\.Prod must be the name of a stage/,
    ],
    ['the local run as a stage', settings({ stages: { local: {} } }), /the name of stages\.local must be/],
    [
      'a product of a stage that is none',
      withStage({ products: { erp: {} } }),
      /names "erp", but the products are crm/,
    ],
    ['a retired product that is sold', settings({ retired: ['crm'] }), /retired names "crm", which products has too/],
    ['a retired id that is none', settings({ retired: ['Old CRM'] }), /retired\.0 must have 1 to 64 lower-case/],
  ])('%s', (_, wrong, sentence) => {
    expect(() => defineConfig(wrong as ConfigSettings)).toThrow(sentence);
  });
});
