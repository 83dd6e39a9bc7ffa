import { describe, expect, test } from '@jest/globals';
import { isHeard, severityOf } from '../../lib/config/alarm-settings.ts';
import { type Config, defineConfig, type StageSettings } from '../../lib/config/config.ts';
import type { ProductSettings } from '../../lib/config/products.ts';
import { checkStage, resolveStage } from '../../lib/config/stage.ts';
import { siteOf } from '../../lib/open-api/sites.ts';
import type { Seller } from '../../lib/seller/contract.ts';

const seller = {} as Seller;
const demo = { demonstration: true } as Seller;

function config(
  stage: StageSettings,
  products: Readonly<Record<string, ProductSettings>> = { crm: { seller } },
): Config {
  return defineConfig({ service: 'my-shop', products, stages: { prod: stage } });
}

/** A stage with nothing to complain of, but for what is given. */
function check(stage: StageSettings, products?: Readonly<Record<string, ProductSettings>>) {
  const whole = config({ region: 'ap-southeast-1', receivers: ['ops'], hostRuleKnown: true, ...stage }, products);
  return checkStage(whole, resolveStage(whole, 'prod'));
}

describe('a stage', () => {
  test('has defaults, and names made of the service and its own', () => {
    expect(resolveStage(config({}), 'prod')).toEqual({
      name: 'prod',
      purpose: 'production',
      host: 'aws',
      region: undefined,
      site: 'china',
      sites: new Map([['crm', { site: 'china' }]]),
      receivers: [],
      webhooks: [],
      alarms: {},
      heartbeat: undefined,
      offSale: new Set(),
      environment: {},
      iamStatements: [],
      domain: undefined,
      login: false,
      usageBatch: 1000,
      table: 'my-shop-prod',
      parameters: '/my-shop/prod',
      hostRuleKnown: false,
      server: { address: '127.0.0.1', private: '127.0.0.1:9464', trustsProxy: false },
      backends: new Map(),
    });
  });

  test('that nobody has described is refused with those there are', () => {
    expect(() => resolveStage(config({}), 'beta')).toThrow(/no stage "beta".*prod/);
    expect(() => resolveStage(config({}), 'toString')).toThrow(/no stage "toString"/);
  });

  test('gives each product its own backend, else that of the stage, else that of the product', () => {
    const products = {
      crm: { backend: 'https://product.example.com' },
      erp: { backend: 'https://product.example.com' },
      own: { seller },
    };
    const backends = (stage: StageSettings) => [...resolveStage(config(stage, products), 'prod').backends];
    expect(backends({})).toEqual([
      ['crm', 'https://product.example.com'],
      ['erp', 'https://product.example.com'],
    ]);
    expect(
      backends({ backend: 'https://stage.example.com', products: { crm: { backend: 'https://crm.example.com' } } }),
    ).toEqual([
      ['crm', 'https://crm.example.com'],
      ['erp', 'https://stage.example.com'],
      ['own', 'https://stage.example.com'],
    ]);
  });

  test('sells each product on the site of the stage for it, else its own, else that of the stage', () => {
    const products = {
      crm: { seller },
      eu: { seller, site: 'europe' },
      own: { seller, site: 'https://mkt.example.com' },
    };
    const sites = (stage: StageSettings) => [...resolveStage(config(stage, products), 'prod').sites.values()];
    expect(sites({})).toEqual([
      { site: 'china' },
      { site: 'europe', account: 'europe' },
      { site: 'https://mkt.example.com', account: 'https://mkt.example.com' },
    ]);
    expect(sites({ site: 'europe', products: { crm: { site: 'international' }, own: { site: 'europe' } } })).toEqual([
      { site: 'international', account: 'international' },
      { site: 'europe' },
      { site: 'europe' },
    ]);
  });

  test('warns of SaaS products on several sites, not of licences and notices, nor where it is known', () => {
    const others = {
      crm: { seller },
      lic: { seller, site: 'europe', families: ['license-2' as const] },
      notices: { seller, site: 'international', families: ['order-notify' as const] },
    };
    const stage = { host: 'server' as const, hostRuleKnown: false };
    expect(check(stage, others).warnings).toEqual([]);
    const two = { ...others, intl: { seller, site: 'international' } };
    expect(check(stage, two).warnings).toEqual([expect.stringContaining('(china: "crm"; international: "intl")')]);
    expect(check({ ...stage, hostRuleKnown: true }, two).warnings).toEqual([]);
    expect(check({ ...stage, purpose: 'test' }, two).warnings).toEqual([]);
  });

  test('asks the site of its name, or another address', () => {
    expect(siteOf('international')).toEqual({ baseUrl: 'https://mkt-intl.myhuaweicloud.com' });
    expect(siteOf('https://mkt.example.com')).toEqual({ baseUrl: 'https://mkt.example.com' });
  });
});

test('of a config without any is asked for in vain', () => {
  const none = defineConfig({ service: 'my-shop', products: { crm: { seller } }, stages: {} });
  expect(() => resolveStage(none, 'prod')).toThrow('take one of these: none.');
});

describe('the check of a stage', () => {
  test('refuses Lambda concurrency on a server', () => {
    expect(check({ host: 'server', reservedConcurrency: 5 }).problems).toEqual([
      expect.stringMatching(/no Lambda concurrency to reserve: take stages\.prod\.reservedConcurrency out/),
    ]);
  });

  test('finds nothing where a webhook alone hears, and knows what is not on sale', () => {
    const alone = { receivers: [], webhooks: ['pager'], products: { crm: { onSale: false } } };
    expect(check(alone)).toEqual({ problems: [], warnings: [] });
  });

  test('finds nothing where a robot alone hears, and knows who hears of what', () => {
    const alarms = { robots: { chat: 'dingtalk' }, severities: { chat: 'critical' }, digest: 0 } as const;
    expect(check({ receivers: [], alarms })).toEqual({ problems: [], warnings: [] });
    expect([severityOf(alarms, 'chat'), severityOf(alarms, 'toString'), severityOf({}, 'chat')]).toEqual([
      'critical',
      'info',
      'info',
    ]);
    expect([isHeard('critical', 'warning'), isHeard('warning', 'warning'), isHeard('info', 'warning')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test.each([
    [
      { robots: { chat: 'teams' } },
      /^stages\.prod\.alarms\.robots\.chat: expected names .* wecom, dingtalk, feishu, lark, slack\.$/,
    ],
    [{ robots: { 'A chat': 'slack' } }, /^stages\.prod\.alarms\.robots\.A chat: expected names of lower-case letters/],
    [{ severities: { ops: 'bad' } }, /^stages\.prod\.alarms\.severities\.ops: expected .* critical, warning, info\.$/],
    [{ digest: 24 }, /^stages\.prod\.alarms\.digest: expected an hour in Beijing, a whole number from 0 to 23\.$/],
    [{ robot: {} }, /^stages\.prod\.alarms\.robot: expected robots, severities or digest\.$/],
    [{ severities: { boss: 'critical' } }, /alarms\.severities names "boss", but those who hear are ops: name one/],
    [{ robots: { ops: 'slack' } }, /names "ops" twice/],
  ])('stops at alarms of %j', (alarms, sentence) => {
    expect(check({ alarms } as never).problems).toEqual([expect.stringMatching(sentence)]);
  });

  test('stops at a severity of nobody', () => {
    const nobody = { purpose: 'test', receivers: [], alarms: { severities: { ops: 'info' } } } as const;
    expect(check(nobody).problems).toEqual([expect.stringContaining('those who hear are nobody')]);
  });

  test('finds nothing where all is set', () => {
    expect(check({})).toEqual({ problems: [], warnings: [] });
  });

  test.each<[string, StageSettings, Readonly<Record<string, ProductSettings>> | undefined, RegExp]>([
    [
      'a demo seller in production',
      {},
      { crm: { seller: demo } },
      /"crm" still has a demo seller.*products\.crm\.seller/,
    ],
    ['a demo seller in a test', { purpose: 'test' }, { crm: { seller: demo } }, /still has a demo seller/],
    ['nobody who hears of alarms', { receivers: [] }, undefined, /nobody hears of its alarms.*stages\.prod\.receivers/],
    [
      'one receiver with two addresses',
      { webhooks: ['ops'] },
      undefined,
      /names "ops" twice in receivers, webhooks and alarms\.robots/,
    ],
    [
      'a backend that only this machine reaches',
      { backend: 'http://127.0.0.1:8080' },
      undefined,
      /"crm" has a backend on this machine \(http:\/\/127\.0\.0\.1:8080\)/,
    ],
    [
      'a login without login settings',
      { login: true },
      undefined,
      /deploys the login, and no product has login settings/,
    ],
    [
      'a domain of a server',
      { host: 'server', domain: { name: 'm.example.com', certificateArn: 'arn:aws:acm:x' } },
      undefined,
      /take stages\.prod\.domain out/,
    ],
  ])('stops at %s', (_, stage, products, sentence) => {
    expect(check(stage, products).problems).toEqual([expect.stringMatching(sentence)]);
  });

  test('stops at a stage without a region', () => {
    const whole = config({ receivers: ['ops'], hostRuleKnown: true });
    expect(checkStage(whole, resolveStage(whole, 'prod')).problems).toEqual([
      expect.stringMatching(/no region: set stages\.prod\.region/),
    ]);
  });

  test('lets a demonstration run demo sellers, with nobody to hear of alarms', () => {
    expect(check({ purpose: 'demonstration', receivers: [] }, { crm: { seller: demo } }).problems).toEqual([]);
  });

  test('takes a backend in the place of a demo seller', () => {
    expect(check({ backend: 'https://crm.example.com' }, { crm: { seller: demo } }).problems).toEqual([]);
  });

  test('lets a backend on this machine serve a server', () => {
    expect(check({ host: 'server', backend: 'http://127.0.0.1:8080' }).problems).toEqual([]);
  });

  test('takes the login where a product has login settings', () => {
    const login = { appId: 'a', callbackUrl: 'https://a.example.com/', siteUrl: 'https://b.example.com/' };
    const ready = { ...seller, login: { signedIn: async () => ({}) } };
    expect(check({ login: true }, { crm: { seller: ready, login } }).problems).toEqual([]);
    expect(check({}, { crm: { seller, login } }).problems).toEqual([]);
  });

  test.each([
    ['oauth2', undefined, /"crm" signs users in by oauth2, and its seller has no hook login\.signedIn:/],
    ['cas3', { signedIn: async () => ({}) }, /by cas3, and its seller has no hook login\.signedInByTicket:/],
    ['saml', { signedIn: async () => ({}) }, /login\.protocol must be oauth2 or cas3, but is "saml"/],
  ])('stops at a login by %s that could not succeed', (protocol, hooks, sentence) => {
    const addresses = { callbackUrl: 'https://a.example.com/', siteUrl: 'https://b.example.com/' };
    const login = { appId: 'a', ...addresses, protocol: protocol as 'cas3' };
    const product = { seller: hooks === undefined ? seller : { ...seller, login: hooks }, login };
    expect(check({ login: true }, { crm: product }).problems).toEqual([expect.stringMatching(sentence)]);
  });

  describe('warns of SaaS products on AWS', () => {
    test.each([['saas-v2'], ['saas-v1'], ['kit-v2']] as const)('%s', (family) => {
      const { problems, warnings } = check({ hostRuleKnown: false }, { crm: { seller, families: [family] } });
      expect(problems).toEqual([]);
      expect(warnings).toEqual([expect.stringMatching(/"crm".*must|demand.*Huawei Cloud/)]);
    });

    test('unless the rule is known, the host another, the product none of them, or the stage not in production', () => {
      expect(check({ hostRuleKnown: true }).warnings).toEqual([]);
      expect(check({ hostRuleKnown: false, host: 'server' }).warnings).toEqual([]);
      expect(check({ hostRuleKnown: false }, { crm: { seller, families: ['license-2'] } }).warnings).toEqual([]);
      expect(check({ hostRuleKnown: false, purpose: 'test' }).warnings).toEqual([]);
    });
  });
});
