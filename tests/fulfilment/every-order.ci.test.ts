import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keys } from '../../lib/instances/keys.ts';
import type { Outcome } from '../../lib/instances/lifecycle.ts';
import {
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
} from '../../lib/instances/store.ts';
import type { Table } from '../../lib/table/table.ts';
import { ENGINES, freshTable, newOrder, stored } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { carriedOut, world } from './world.ts';

type Command =
  | { readonly kind: 'renew'; readonly order: number; readonly scene: Scene; readonly sentAt: number }
  | { readonly kind: 'freeze' | 'unfreeze' | 'release'; readonly sentAt: number }
  | { readonly kind: 'upgrade'; readonly order: number; readonly sentAt: number }
  | { readonly kind: 'fulfil' };
type Scene = 'RENEWAL' | 'UNSUBSCRIBE_RENEWAL_PERIOD';

const sentAt = fc.integer({ min: 1, max: 6 });
const order = fc.integer({ min: 1, max: 3 });
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('renew' as const),
      order,
      scene: fc.constantFrom<Scene>('RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD'),
      sentAt,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('freeze' as const, 'unfreeze' as const), sentAt }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('upgrade' as const), order, sentAt }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fulfil' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), sentAt }) },
);

/** The end date that a renewal asks for: a different one for each. */
const dateOf = (command: Extract<Command, { kind: 'renew' }>) =>
  command.sentAt * 100 + command.order * 10 + (command.scene === 'RENEWAL' ? 1 : 0);

/** The life cycle written down a second time, without a table, leases or attempts. */
class Model {
  wanted = 'ACTIVE';
  state = 'PENDING';
  statusAt = 0;
  expireSetAt = 0;
  expiresAt: number | undefined;
  pending: string[] = ['provision'];
  readonly orders = new Set<string>();
  readonly hooks: string[] = [];

  /** The result code. */
  accept(command: Exclude<Command, { kind: 'fulfil' }>): string {
    if (command.kind === 'release') {
      if (this.wanted !== 'RELEASED') this.pending = ['release'];
      this.wanted = 'RELEASED';
      return '000000';
    }
    if (this.wanted === 'RELEASED') return '000003';
    if (!('order' in command)) {
      const wanted = command.kind === 'freeze' ? 'FROZEN' : 'ACTIVE';
      if (command.sentAt < this.statusAt) return '000000';
      if (command.sentAt === this.statusAt) return this.wanted === wanted ? '000000' : '000005';
      this.statusAt = command.sentAt;
      this.wanted = wanted;
      this.pending.push(command.kind);
      return '000000';
    }
    const known = command.kind === 'renew' ? `${command.scene} ${command.order}` : `upgrade ${command.order}`;
    if (this.orders.has(known)) return '000000';
    this.orders.add(known);
    this.pending.push(command.kind);
    if (command.kind === 'renew' && command.sentAt > this.expireSetAt) {
      this.expireSetAt = command.sentAt;
      this.expiresAt = dateOf(command);
    }
    return '000000';
  }

  fulfil(): void {
    const leadsTo: Record<string, string> = {
      provision: 'ACTIVE',
      freeze: 'FROZEN',
      unfreeze: 'ACTIVE',
      release: 'RELEASED',
    };
    for (const change of this.pending) {
      const to = leadsTo[change];
      if (to !== this.state) this.hooks.push(change);
      this.state = to ?? this.state;
    }
    this.pending = [];
  }
}

describe.each(ENGINES)('every order of calls on %s', (engine) => {
  let running: TestTable;
  let table: Table;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    table = await freshTable(running);
  });

  async function accept(instanceId: string, command: Exclude<Command, { kind: 'fulfil' }>): Promise<Outcome> {
    const call = { product: 'demo', instanceId, sentAt: command.sentAt };
    switch (command.kind) {
      case 'renew': {
        const line = { orderId: `R${command.order}`, orderLineId: `R${command.order}-1` };
        return acceptRenewal(table, { ...call, ...line, scene: command.scene, expiresAt: dateOf(command) }, 1);
      }
      case 'upgrade':
        return acceptUpgrade(table, { ...call, orderId: `U${command.order}`, orderLineId: `U${command.order}-1` }, 1);
      case 'release':
        return acceptRelease(table, call, 1);
      default:
        return acceptStatus(table, { ...call, status: command.kind === 'freeze' ? 'FREEZE' : 'UNFREEZE' }, 1);
    }
  }

  async function purchased() {
    const w = world(table);
    w.orders.query = async () => ({
      orderId: 'o',
      orderType: 'NEW',
      line: { orderLineId: 'l', chargingMode: 'ON_DEMAND', products: [] },
      extendParams: [],
    });
    const { instanceId } = await acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now);
    return { w, instanceId, key: keys.instance('demo', instanceId) };
  }

  test('with duplicates and stale timestamps, and failing hooks, ends in the state of the model', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCommand, { maxLength: 14 }),
        fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 5 }),
        async (commands, failures) => {
          const { w, instanceId, key } = await purchased();
          const model = new Model();
          let seen = 0;
          const failing = new Map<string, number>();
          w.behaviour.current = ({ key: change, attempt }) => {
            if (!failing.has(change)) failing.set(change, failures[seen++ % failures.length] ?? 0);
            if (attempt <= (failing.get(change) ?? 0)) throw new Error('not this time');
          };
          for (const command of commands) {
            if (command.kind === 'fulfil') {
              await w.settleItem(key);
              model.fulfil();
            } else {
              expect((await accept(instanceId, command)).resultCode).toBe(model.accept(command));
            }
          }
          await w.settleItem(key);
          model.fulfil();

          const item = await stored(table, instanceId);
          expect(item).toMatchObject({ wanted: model.wanted, state: model.state, pending: [], failed: {} });
          expect(item.statusAt).toBe(model.statusAt);
          expect(item.expiresAt).toBe(model.expiresAt);
          expect(carriedOut(w.calls)).toEqual(model.hooks);
          // One effect per key, and no change comes back after a later one has begun.
          expect(new Set(w.calls.map(({ key }) => key)).size).toBe(model.hooks.length);
          const last = w.calls.filter(({ hook }) => hook === 'renew').at(-1)?.change as
            | { expiresAt?: Date }
            | undefined;
          if (last !== undefined && !model.hooks.includes('release')) {
            expect(last.expiresAt?.getTime()).toBe(model.expiresAt);
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 600_000);

  test('at the same time ends in the state of the newest timestamps, carries out each order once', async () => {
    const distinct = fc.uniqueArray(anyCommand, { maxLength: 8, selector: (c) => ('sentAt' in c ? c.sentAt : 0) });
    await fc.assert(
      fc.asyncProperty(distinct, fc.boolean(), async (some, twice) => {
        const commands = some.flatMap((command) => (command.kind === 'fulfil' ? [] : [command]));
        const { w, instanceId, key } = await purchased();
        const delivered = twice ? [...commands, ...commands] : commands;
        const outcomes = await Promise.all(delivered.map((command) => accept(instanceId, command)));
        await w.settleItem(key);

        const item = await stored(table, instanceId);
        const isReleased = commands.some(({ kind }) => kind === 'release');
        expect(item).toMatchObject({ pending: [], failed: {} });
        expect(new Set(w.calls.map(({ key }) => key)).size).toBe(w.calls.length);
        if (isReleased) {
          expect(item.state).toBe('RELEASED');
          expect(w.calls.at(-1)?.hook).toBe('release');
          return;
        }
        expect(outcomes.map(({ resultCode }) => resultCode)).toEqual(delivered.map(() => '000000'));
        const newest = (...kinds: string[]) =>
          commands.filter(({ kind }) => kinds.includes(kind)).sort((a, b) => b.sentAt - a.sentAt)[0];
        const status = newest('freeze', 'unfreeze');
        expect(item.state).toBe(status?.kind === 'freeze' ? 'FROZEN' : 'ACTIVE');
        expect(item.expireSetAt).toBeLessThanOrEqual(newest('renew')?.sentAt ?? 0);
      }),
      { numRuns: 40 },
    );
  }, 600_000);
});
