import { AssertionError } from 'node:assert';
import { describe, expect, test } from '@jest/globals';
import type { Change, HookContext, Purchase, Seller } from '../../lib/seller/contract.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import {
  checkHooks,
  createTestShop,
  type Observe,
  standsAnyOrder,
  standsLateCalls,
  standsRepetition,
} from '../../scripts/testing/index.ts';
import { BROKEN, SteadySeller } from './sellers.ts';

/** Shows what the customer of the demo seller has, without password, site and log. */
const demoTenant: Observe = async (instanceId, { notes }) => {
  const { passwordHash, site, history, ...tenant } = Object((await notes.get(instanceId)) ?? {});
  return tenant;
};

/** The findings of a check, as `hook: sentence`; none if it passes. */
async function findings(checked: Promise<unknown>): Promise<readonly string[]> {
  try {
    await checked;
    return [];
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    return error.message.split('\n\n');
  }
}

test('the demo seller stands everything, two attempts at once included', async () => {
  const report = await checkHooks(demoSeller, { observe: demoTenant, concurrently: true });
  expect(report).toMatchObject({ observed: true, skipped: ['issueLicense'] });
  expect(report.disturbances).toHaveLength(12);
  expect(report).not.toHaveProperty('notice');
});

test('a steady seller with a database of its own stands everything', async () => {
  const seller = new SteadySeller();
  const options = { observe: seller.observe, concurrently: true, lateProvision: true };
  expect((await checkHooks(seller, options)).disturbances).toHaveLength(13);
});

describe.each(Object.entries(BROKEN))('a seller that %s', (_, [hook, sentence, make]) => {
  test('fails one check, and no other hook is blamed', async () => {
    const seller = make();
    const found = await findings(checkHooks(seller, { observe: seller.observe }));
    expect(found).toEqual([expect.stringMatching(sentence)]);
    expect(found[0]).toContain(hook);
    expect(found[0]).toContain('what to do');
  });

  test('is found by one of the three groups', async () => {
    const groups = { standsRepetition, standsLateCalls, standsAnyOrder };
    const red: string[] = [];
    for (const [name, group] of Object.entries(groups)) {
      const seller = make();
      const found = await findings(group(seller, { observe: seller.observe }));
      if (found.some((one) => sentence.test(one))) red.push(name);
    }
    expect(red).toHaveLength(1);
  });
});

test('two attempts at once are a check of their own', async () => {
  class Racing extends SteadySeller {
    override async provision({ instance, order }: Purchase, { notes, signal }: HookContext) {
      const isThere = this.find(instance.instanceId) !== undefined;
      await notes.get('anything');
      if (!isThere && !signal.aborted) this.create(instance.instanceId, order);
      return { access: { frontEndUrl: `https://${instance.instanceId}.example.com` } };
    }
  }
  const [seller, again] = [new Racing(), new Racing()];
  expect(await findings(checkHooks(seller, { observe: seller.observe }))).toEqual([]);
  const found = await findings(standsRepetition(again, { observe: again.observe, concurrently: true }));
  expect(found).toEqual([expect.stringContaining('two attempts of provision with the same idempotencyKey')]);
});

test('a late attempt to provision after the release is a check of its own', async () => {
  expect(await findings(standsLateCalls(demoSeller, { observe: demoTenant, lateProvision: true }))).toEqual([
    expect.stringContaining('an aborted attempt of provision ended after the instance was released'),
  ]);
});

test('says what was expected, what was found, and what to do, in either language', async () => {
  const [, , make] = BROKEN['adds a year whenever it is called'] ?? [];
  const seller = make?.() ?? new SteadySeller();
  const thrown = await checkHooks(seller, { observe: seller.observe }).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(AssertionError);
  expect(thrown).toMatchObject({
    expected: [{ seats: 30, open: true, expiresAt: expect.any(Number) }],
    actual: [{ seats: 30, open: true, expiresAt: expect.any(Number) }],
    message: expect.stringMatching(
      /^renew was called twice with the same idempotencyKey: .*\n {2}expected: .*\n {2}found: .*\n {2}what to do: Keep context\.idempotencyKey/,
    ),
  });
  const chinese = make?.() ?? new SteadySeller();
  expect(await findings(checkHooks(chinese, { observe: chinese.observe, lang: 'zh' }))).toEqual([
    expect.stringMatching(/连续调用了两次 renew.*期望.*实际.*处理办法/s),
  ]);
});

test('several faults are told at once', async () => {
  class Worse extends SteadySeller {
    override async renew({ instance }: Change) {
      const tenant = this.find(instance.instanceId);
      if (tenant !== undefined) tenant.expiresAt += 1;
    }
    override async upgrade({ instance }: Change) {
      const tenant = this.find(instance.instanceId);
      if (tenant !== undefined) tenant.seats += 1;
    }
  }
  const seller = new Worse();
  const found = await findings(checkHooks(seller, { observe: seller.observe }));
  expect(found).toEqual([expect.stringMatching(/^upgrade was/), expect.stringMatching(/^renew was/)]);
});

test('without `observe` compares answers alone, and says so', async () => {
  const report = await checkHooks(demoSeller);
  expect(report).toMatchObject({ observed: false, notice: expect.stringContaining('Only the answers') });
  expect((await checkHooks(demoSeller, { lang: 'zh' })).notice).toContain('只比较了');
  const [, , make] = BROKEN['gives another address when it is called again'] ?? [];
  expect(await findings(checkHooks(make?.() ?? demoSeller))).toEqual([
    expect.stringContaining('differs from the first'),
  ]);
});

test('takes a shop in the place of a seller, with its secrets', async () => {
  const seller: Seller = {
    ...demoSeller,
    provision: async (change, context) => {
      await context.secret('api-key');
      return demoSeller.provision(change, context);
    },
  };
  const shop = createTestShop({ products: { demo: { seller } }, secrets: { 'api-key': 'k' } });
  expect(await checkHooks(shop, { observe: demoTenant })).toMatchObject({ observed: true });
  expect(await findings(checkHooks(seller))).toEqual([
    expect.stringMatching(/^provision does not succeed when nothing disturbs it.*secrets/),
  ]);
});

test('leaves out a hook that says that it cannot, and names it', async () => {
  const seller: Seller = { ...demoSeller, upgrade: async () => ({ failed: { reason: 'no upgrades' } }) };
  expect(await checkHooks(seller, { observe: demoTenant })).toMatchObject({ skipped: ['issueLicense', 'upgrade'] });
});

describe('a seller of models', () => {
  const keyed = (applyApikey: NonNullable<Seller['applyApikey']>) => {
    const refuse = async () => ({ failed: { reason: 'Models have no instances.' } });
    const none = {
      provision: refuse,
      renew: refuse,
      upgrade: refuse,
      freeze: refuse,
      unfreeze: refuse,
      release: refuse,
    };
    return createTestShop({ products: { model: { seller: { ...none, applyApikey }, families: ['maas'] } } });
  };
  let made = 0;

  test('stands repetition if a customer keeps its key; instances are not asked of it', async () => {
    const report = await checkHooks(
      keyed(async ({ customerId }) => ({ apikey: `key-of-${customerId}` })),
      {
        concurrently: true,
      },
    );
    expect(report.skipped).toEqual(expect.arrayContaining(['provision', 'release']));
  });

  test.each<[string, NonNullable<Seller['applyApikey']>, RegExp]>([
    ['makes a key each time', async () => ({ apikey: `key-${++made}` }), /applyApikey was called twice/],
    [
      'makes a key for each moment',
      async ({ customerId }, { now }) => ({ apikey: `${customerId}-${now.getTime()}` }),
      /answer of applyApikey was lost/,
    ],
    [
      'refuses who has a key',
      async ({ customerId }, { notes }) => {
        if (!(await notes.create(customerId, {}))) throw new Error('has one');
        return { apikey: customerId };
      },
      /applyApikey was called twice/,
    ],
  ])('that %s is found', async (_, applyApikey, sentence) => {
    expect(await findings(standsRepetition(keyed(applyApikey)))).toEqual([expect.stringMatching(sentence)]);
  });

  test('is asked for keys beside its instances, and not where its product takes no such call', async () => {
    const seller: Seller = { ...demoSeller, applyApikey: async () => ({ apikey: `key-${++made}` }) };
    expect(await findings(standsRepetition(seller))).toEqual([expect.stringContaining('applyApikey')]);
    expect(await findings(standsRepetition(createTestShop({ products: { demo: { seller } } })))).toEqual([]);
  });
});
