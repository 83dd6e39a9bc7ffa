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
import { DAY, type World, world } from './world.ts';

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

/** A change that waits in the model. */
interface Waiting {
  readonly kind: string;
  readonly again?: true;
  /** Attempts that will fail, once the first has been made. */
  fails?: number;
  attempts: number;
  overtaken?: true;
}

const isStatus = ({ kind }: Waiting) => kind === 'freeze' || kind === 'unfreeze';
const isOrder = ({ kind }: Waiting) => kind === 'renew' || kind === 'upgrade';

/** The life cycle written down a second time, without a table or leases; all changes are old enough to step back. */
class Model {
  wanted = 'ACTIVE';
  state = 'PENDING';
  statusAt = 0;
  expireSetAt = 0;
  expiresAt: number | undefined;
  pending: Waiting[] = [{ kind: 'provision', attempts: 0 }];
  readonly orders = new Set<string>();
  readonly hooks: string[] = [];

  /** The result code. */
  accept(command: Exclude<Command, { kind: 'fulfil' }>): string {
    if (command.kind === 'release') {
      if (this.wanted !== 'RELEASED') this.pending = [{ kind: 'release', attempts: 0 }];
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
      this.pending.push({ kind: command.kind, attempts: 0 });
      return '000000';
    }
    const known = command.kind === 'renew' ? `${command.scene} ${command.order}` : `upgrade ${command.order}`;
    if (this.orders.has(known)) return '000000';
    this.orders.add(known);
    this.pending.push({ kind: command.kind, attempts: 0 });
    if (command.kind === 'renew' && command.sentAt > this.expireSetAt) {
      this.expireSetAt = command.sentAt;
      this.expiresAt = dateOf(command);
    }
    return '000000';
  }

  /** @param failures says how many attempts at the next change fail that is attempted for the first time */
  fulfil(failures: () => number): void {
    const leadsTo: Record<string, string> = {
      provision: 'ACTIVE',
      freeze: 'FROZEN',
      unfreeze: 'ACTIVE',
      release: 'RELEASED',
    };
    for (let [head] = this.pending; head !== undefined; [head] = this.pending) {
      const to = leadsTo[head.kind];
      if (to === this.state && head.again !== true) {
        this.pending.shift();
        continue;
      }
      head.fails ??= failures();
      head.attempts += 1;
      if (head.attempts <= head.fails) {
        if (isOrder(head)) this.stepBack();
        continue;
      }
      this.hooks.push(head.kind);
      this.state = to ?? this.state;
      this.pending.shift();
      if (isOrder(head)) this.follow(head);
    }
  }

  private stepBack(): void {
    const last = this.pending.findLastIndex(isStatus);
    for (const change of this.pending.slice(0, last + 1)) if (isOrder(change)) change.overtaken = true;
    this.pending = [...this.pending.filter(isStatus), ...this.pending.filter((change) => !isStatus(change))];
  }

  private follow({ overtaken }: Waiting): void {
    if (overtaken !== true && this.state !== 'FROZEN') return;
    const kind = this.state === 'FROZEN' ? 'freeze' : 'unfreeze';
    const next = this.pending.find(isStatus);
    if (next === undefined || next.kind === kind) this.pending.unshift({ kind, again: true, attempts: 0 });
  }
}

/** Hooks in the order in which their changes ended. */
function ended(calls: World['calls']): string[] {
  return calls
    .filter(({ key }, index) => calls.findLastIndex((call) => call.key === key) === index)
    .map(({ hook }) => hook);
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
    const w = world(table, { provisionWindow: DAY });
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
          let modelled = 0;
          const failuresOf = (count: number) => failures[count % failures.length] ?? 0;
          const inModel = () => failuresOf(modelled++);
          const failing = new Map<string, number>();
          w.behaviour.current = ({ key: change, attempt }) => {
            if (!failing.has(change)) failing.set(change, failuresOf(seen++));
            if (attempt <= (failing.get(change) ?? 0)) throw new Error('not this time');
          };
          for (const command of commands) {
            if (command.kind === 'fulfil') {
              await w.settleItem(key);
              model.fulfil(inModel);
            } else {
              expect((await accept(instanceId, command)).resultCode).toBe(model.accept(command));
            }
          }
          await w.settleItem(key);
          model.fulfil(inModel);

          const item = await stored(table, instanceId);
          expect(item).toMatchObject({ wanted: model.wanted, state: model.state, pending: [], failed: {} });
          expect(item.statusAt).toBe(model.statusAt);
          expect(item.expiresAt).toBe(model.expiresAt);
          expect(ended(w.calls)).toEqual(model.hooks);
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
