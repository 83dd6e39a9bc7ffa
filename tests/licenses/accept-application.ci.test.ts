import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FulfilDependencies } from '../../lib/fulfilment/dependencies.ts';
import { sweep } from '../../lib/fulfilment/fulfil-all.ts';
import { issueInline } from '../../lib/fulfilment/inline.ts';
import type { Lease } from '../../lib/instances/accept-purchase.ts';
import { keys } from '../../lib/instances/keys.ts';
import type { ApplicationItem } from '../../lib/instances/license-item.ts';
import { acceptPurchase, requeue } from '../../lib/instances/store.ts';
import { readItem } from '../../lib/instances/write.ts';
import { acceptApplication } from '../../lib/licenses/accept-application.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import type { Table } from '../../lib/table/table.ts';
import { type World, world } from '../fulfilment/world.ts';
import { ENGINES, freshTable, newOrder } from '../instances/support.ts';
import { AT } from '../support/sealed-at.ts';
import { startTable, type TestTable } from '../support/table.ts';

describe.each(ENGINES)('an application for a licence on %s', (engine) => {
  let running: TestTable;
  let table: Table;
  let w: World;
  let deps: FulfilDependencies;
  let instanceId: string;
  let issued: number;
  let refused: object | undefined;
  let delivering: () => Promise<void>;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    table = await freshTable(running);
    issued = 0;
    refused = undefined;
    delivering = async () => {};
    w = world(table);
    const issueLicense = async () => refused ?? { license: `licence-${++issued}` };
    const seller = { ...w.deps.products.get('demo')?.seller, issueLicense } as Seller;
    deps = { ...w.deps, sellerOf: () => seller, deliverLicense: () => delivering() };
    ({ instanceId } = await acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now));
    await w.settle();
  });

  const key = keys.application('demo', 'evt', 'device');
  const stored = () => readItem<ApplicationItem>(table, key);
  const fulfil = () => sweep(deps, () => 1_000_000);
  const apply = async (more: object = {}) => {
    const request = await w.deps.sealer.seal('personal', { effectiveAt: new Date(0) }, AT);
    const call = {
      product: 'demo',
      instanceId,
      eventId: 'evt',
      deviceFingerprint: 'device',
      request,
      sentAt: 1,
      ...more,
    };
    return acceptApplication(table, call, w.time.now);
  };

  test('whose delivery the marketplace refused for good delivers the same licence when it comes again', async () => {
    delivering = () => Promise.reject(Object.assign(new Error('no such event'), { permanent: true }));
    await apply();
    await fulfil();
    expect(Object.values((await stored())?.failed ?? {})).toMatchObject([
      { kind: 'deliverLicense', reason: 'no such event' },
    ]);
    delivering = async () => {};
    expect(await apply()).toMatchObject({ resultCode: '000000', leased: false });
    await fulfil();
    expect(await stored()).toMatchObject({ pending: [], failed: {} });
    expect(issued).toBe(1);
  });

  test('that the seller refused is answered its code when it comes again, and nothing is delivered', async () => {
    refused = { refused: { resultCode: '000900', resultMsg: 'no seats' } };
    await apply();
    await fulfil();
    expect(await apply()).toMatchObject({ resultCode: '000900', resultMsg: 'no seats' });
    expect(await stored()).toMatchObject({ pending: [] });
  });

  test('that was refused once, and issued when an operator asked again, is not answered the refusal any more', async () => {
    refused = { refused: { resultCode: '000900', resultMsg: 'no seats' } };
    await apply();
    await fulfil();
    refused = undefined;
    delivering = () => Promise.reject(Object.assign(new Error('no such event'), { permanent: true }));
    await requeue(table, key, w.time.now);
    await fulfil();
    delivering = async () => {};
    expect(await apply()).toMatchObject({ resultCode: '000000' });
    await fulfil();
    expect(await stored()).toMatchObject({ pending: [], failed: {} });
    expect(issued).toBe(1);
  });

  test('that the seller’s code gave up without refusing it is asked anew when it comes again', async () => {
    refused = { failed: { reason: 'no key' } };
    await apply();
    await fulfil();
    expect(await stored()).toMatchObject({ failure: { reason: 'no key' }, pending: [] });
    refused = undefined;
    expect(await apply()).toMatchObject({ resultCode: '000000' });
    await fulfil();
    expect(await stored()).toMatchObject({ pending: [], failed: {} });
    expect(issued).toBe(1);
  });

  test('is not issued by a call that does not hold it', async () => {
    const product = w.deps.products.get('demo');
    if (product === undefined) throw new Error('no product');
    const lease = { owner: 'route', until: w.time.now + 5_000 };
    expect(await apply({ lease })).toMatchObject({ resultCode: '000000', leased: true });
    const issue = (held: Lease) => issueInline(deps, product, key, held, 60_000, { effectiveAt: new Date(0) });
    expect(await issue({ ...lease, owner: 'rival' })).toBe('pending');
    expect(issued).toBe(0);
    expect(await issue(lease)).toMatchObject({ eventId: 'evt', pending: [{ kind: 'deliverLicense' }] });
    expect(await issue(lease)).toBe('pending');
    expect(issued).toBe(1);
  });
});
