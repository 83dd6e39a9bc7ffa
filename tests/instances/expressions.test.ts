import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { acceptRelease } from '../../lib/instances/accept-release.ts';
import { findConflicts, importInstance } from '../../lib/instances/import.ts';
import { keys } from '../../lib/instances/keys.ts';
import { createNotes } from '../../lib/instances/notes.ts';
import { claim, giveBack } from '../../lib/instances/outbox.ts';
import {
  acceptOrderNotice,
  acceptPurchase,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
  claimNonce,
  requeue,
} from '../../lib/instances/store.ts';
import { acceptApplication } from '../../lib/licenses/accept-application.ts';
import { acceptCodeRelease, acceptCodeRenewal, acceptCodeStatus } from '../../lib/licenses/accept-code.ts';
import type { Table } from '../../lib/table/table.ts';
import { acceptSync } from '../../lib/tenants/accept.ts';
import { acceptDepartments } from '../../lib/tenants/accept-departments.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { readDepartments } from '../../lib/tenants/read-departments.ts';
import { requeueTenant } from '../../lib/tenants/requeue.ts';
import { carriedOut, DAY, order, type World, world } from '../fulfilment/world.ts';
import { AT } from '../support/sealed-at.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { listening, newBinding, tenantSync } from '../tenants/support.ts';
import { parseCondition, parseUpdate } from './expression-grammar.ts';
import { newOrder, type Sent, stored, watched } from './support.ts';

const ALLOWED = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'];

describe('the expressions sent to the table', () => {
  let running: TestTable;
  let sent: readonly Sent[];

  /** Goes through everything that can happen to instances, with a table that notes each request. */
  beforeAll(async () => {
    running = await startTable();
    const counted = watched(running.table);
    sent = counted.sent;
    const { table } = counted;
    const w = world(table);
    const line = newOrder();
    const purchase = { product: 'demo', ...line, sentAt: 1 };
    const { instanceId } = await acceptPurchase(table, purchase, w.time.now);
    const id = { product: 'demo', instanceId };
    const renewal = { ...id, ...newOrder(), scene: 'RENEWAL' as const, expiresAt: 5, sentAt: 5 };
    const changes = async () => {
      await acceptRenewal(table, renewal, w.time.now);
      await acceptRenewal(table, { ...renewal, ...newOrder(), sentAt: 4, productId: 'p' }, w.time.now);
      await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 6 }, w.time.now);
      await acceptUpgrade(table, { ...id, ...newOrder(), sentAt: 7 }, w.time.now);
    };
    await changes();
    w.behaviour.current = ({ attempt }) =>
      attempt > 2 ? { failed: { reason: 'for good' } } : Promise.reject(new Error('not yet'));
    await w.settle();
    await requeue(table, keys.instance('demo', instanceId), w.time.now);
    w.behaviour.current = ({ hook }) => (hook === 'renew' ? { failed: { reason: 'for good' } } : undefined);
    await w.settle();
    await requeue(table, keys.instance('demo', instanceId), w.time.now);
    w.behaviour.current = () => undefined;
    await w.settle();
    await acceptOrderNotice(table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now);
    await w.settle();
    await acceptRelease(table, { ...id, sentAt: 9 }, w.time.now);
    const key = keys.instance('demo', instanceId);
    const hold = await claim(table, key, { owner: 'me', until: w.time.now + 1, now: w.time.now });
    if (hold !== undefined) await giveBack(table, hold);
    await w.settle();
    await kitCalls(table, w);
    await licenseCalls(table, w);
    await olderCalls(table, w);
    await claimNonce(table, 'demo', 'n', 1);
    const notes = createNotes(table, 'demo');
    await notes.create('k', 1);
    await notes.put('k', 2);
    await notes.get('k');
    await notes.delete('k');
    expect(carriedOut(w.calls)).toEqual(expect.arrayContaining(['provision', 'renew', 'freeze', 'upgrade', 'release']));
    expect(await stored(running.table, instanceId)).toMatchObject({ state: 'RELEASED' });
    await badDays(table, w);
  });

  /** What is sent when renewals get stuck, and purchases fail, are woken, cleaned up and asked for again. */
  async function badDays(table: Table, w: World): Promise<void> {
    const purchase = { product: 'demo', ...newOrder(), sentAt: 1, window: DAY };
    const { instanceId } = await acceptPurchase(table, purchase, w.time.now);
    const id = { product: 'demo', instanceId };
    const key = keys.instance('demo', instanceId);
    const once = () => fulfilItem(w.deps, key, () => 1_000_000);
    w.behaviour.current = ({ hook }) => (hook === 'release' ? undefined : Promise.reject(new Error('down')));
    await once();
    await acceptPurchase(table, purchase, w.time.now);
    await acceptPurchase(table, purchase, w.time.now + 2 * DAY);
    await w.settleItem(key);
    await acceptPurchase(table, purchase, w.time.now);
    w.behaviour.current = ({ hook }) => (hook === 'renew' ? Promise.reject(new Error('down')) : undefined);
    await acceptRenewal(table, { ...id, ...newOrder(), scene: 'RENEWAL', expiresAt: 5, sentAt: 5 }, w.time.now);
    for (const sentAt of [6, 7]) {
      await acceptStatus(table, { ...id, status: sentAt === 6 ? 'FREEZE' : 'UNFREEZE', sentAt }, w.time.now);
      w.time.now += DAY / 48;
      await once();
    }
    w.behaviour.current = () => undefined;
    await w.settleItem(key);
    expect((await stored(table, instanceId)).pending).toEqual([]);
  }

  /** What the calls about licences and their fulfilment send. */
  async function licenseCalls(table: Table, w: World): Promise<void> {
    const code = { product: 'demo', instanceId: 'LIC-1' };
    const renewal = { ...code, ...newOrder(), scene: 'RENEWAL' as const, expiresAt: 5 };
    for (const sentAt of [3, 2]) await acceptCodeRenewal(table, { ...renewal, ...newOrder(), sentAt }, w.time.now);
    for (const status of ['FREEZE', 'UNFREEZE'] as const) {
      await acceptCodeStatus(table, { ...code, status, sentAt: w.time.now }, w.time.now);
      w.time.now += 1;
    }
    await acceptCodeRelease(table, { ...code, sentAt: 9 }, w.time.now);
    const { instanceId } = await acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now);
    const request = await w.deps.sealer.seal('personal', { effectiveAt: new Date(0) }, AT);
    const application = { product: 'demo', instanceId, eventId: 'e', deviceFingerprint: 'd', request, sentAt: 1 };
    await acceptApplication(table, application, w.time.now);
    const issueLicense = async () => ({ license: 'l' });
    Object.assign(w.deps.products.get('demo')?.seller ?? {}, { issueLicense });
    await w.settle();
    await acceptApplication(table, { ...application, eventId: 'f' }, w.time.now);
    Object.assign(w.deps.products.get('demo')?.seller ?? {}, {
      issueLicense: async () => ({ failed: { reason: 'no' } }),
    });
    await w.settle();
    await acceptApplication(table, { ...application, eventId: 'f' }, w.time.now);
    await w.settle();
  }

  /** What V1.0 adds, and the import of instances. */
  async function olderCalls(table: Table, w: World): Promise<void> {
    const line = newOrder();
    const told = await w.deps.sealer.seal('personal', order(line.orderId), AT);
    const purchase = { product: 'demo', orderId: line.orderId, orderLineId: '', instanceId: 'v1', told, sentAt: 1 };
    await acceptPurchase(table, purchase, w.time.now);
    const id = { product: 'demo', instanceId: 'v1' };
    const renewal = { ...id, orderLineId: '', scene: 'RENEWAL' as const, expiresAt: w.time.now + DAY, unfreezes: true };
    await acceptStatus(table, { ...id, status: 'FREEZE', reason: 'expired', sentAt: 2 }, w.time.now);
    await acceptRenewal(table, { ...renewal, orderId: 'R1', told, sentAt: 3 }, w.time.now);
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 4 }, w.time.now);
    await acceptRenewal(table, { ...renewal, orderId: 'R2', told, sentAt: 5 }, w.time.now);
    await w.settle();
    const derivedIds = ['derived-1', 'derived-2'];
    const imported = { product: 'demo', instanceId: 'given-out', ...newOrder(), derivedIds };
    await findConflicts(table, [imported]);
    await importInstance(table, imported, w.time.now);
  }

  /** What the Kit's calls and their fulfilment send. */
  async function kitCalls(table: Table, w: World): Promise<void> {
    const binding = newBinding();
    const { hooks, heard } = listening();
    Object.assign(w.deps.products.get('demo')?.seller ?? {}, { tenants: hooks });
    for (const [index, event] of (['added', 'changed', 'removed'] as const).entries()) {
      const call = { ...tenantSync(event, index + 1), isTest: event === 'changed' };
      await acceptSync(table, kitKeys.tenant(binding), binding, call, w.time.now);
    }
    const tree = { fingerprint: 't', isTest: true, departments: [{ orgCode: 'a', orgName: 'A', parentCode: '' }] };
    for (const sentAt of [1, 2]) await acceptDepartments(table, binding, { ...tree, sentAt }, w.time.now);
    const key = kitKeys.department(binding, 'a');
    const single = { kind: 'department', event: 'removed', record: { orgCode: 'a' }, fingerprint: 'f' } as const;
    await acceptSync(table, key, binding, { ...single, sentAt: 3, isTest: true }, w.time.now);
    await w.settle();
    expect(await readDepartments(table, binding)).toEqual([]);
    Object.assign(hooks, { tenantChanged: async () => ({ failed: { reason: 'for good' } }) });
    await acceptSync(table, kitKeys.tenant(binding), binding, tenantSync('added', 9), w.time.now);
    await w.settle();
    expect((await requeueTenant(table, binding, w.time.now))?.queued).toHaveLength(1);
    expect(heard.map(({ hook }) => hook)).toEqual(
      expect.arrayContaining(['tenantChanged', 'departmentChanged', 'departmentsReplaced']),
    );
  }
  afterAll(() => running.stop());

  test('are within the portable subset, and use every placeholder they define', () => {
    const texts = new Set<string>();
    for (const { input } of sent) {
      const used = new Set<string>();
      for (const [name, parse] of Object.entries({
        ConditionExpression: parseCondition,
        KeyConditionExpression: parseCondition,
        UpdateExpression: parseUpdate,
      })) {
        const text = input[name];
        if (typeof text !== 'string') continue;
        texts.add(text);
        for (const placeholder of parse(text)) used.add(placeholder);
      }
      const defined = [
        ...Object.keys((input.ExpressionAttributeNames as object | undefined) ?? {}),
        ...Object.keys((input.ExpressionAttributeValues as object | undefined) ?? {}),
      ];
      expect([...used].sort()).toEqual(defined.sort());
      expect(input).not.toHaveProperty('FilterExpression');
      expect(input).not.toHaveProperty('ProjectionExpression');
    }
    expect(texts.size).toBeGreaterThan(15);
  });

  test('are sent with requests on single items, batched reads and index queries alone', () => {
    expect([...new Set(sent.map(({ name }) => name))].filter((name) => !ALLOWED.includes(name))).toEqual([]);
  });
});

describe('the grammar of the portable subset', () => {
  test.each([
    'size(#pending) = :n',
    '#a IN (:b, :c)',
    '#a BETWEEN :b AND :c',
    '#a = #b',
    'a = :b',
    '#a = 5',
    'attribute_type(#a, :s)',
    'attribute_exists(#a) AND',
    '(#a = :b',
  ])('refuses the condition %s', (text) => {
    expect(() => parseCondition(text)).toThrow(SyntaxError);
  });

  test.each([
    'SET #a = #b',
    'SET #a = list_append(:b, #a)',
    'SET #a = list_append(#b, :c)',
    'SET #a = if_not_exists(#b, :c)',
    'SET #a = list_append(if_not_exists(#a, :b), :c)',
    'SET #a = #b + :c',
    'SET #a = :b - :c',
    'SET #a = :b SET #c = :d',
    'REMOVE a',
    'ADD #a 1',
  ])('refuses the update %s', (text) => {
    expect(() => parseUpdate(text)).toThrow(SyntaxError);
  });
});
