import { randomUUID } from 'node:crypto';
import { readClosing } from '../../../lib/instances/closing.ts';
import { type Key, keys } from '../../../lib/instances/keys.ts';
import { requeue } from '../../../lib/instances/requeue.ts';
import { readSealingMark } from '../../../lib/instances/sealing-mark.ts';
import { wakeAt } from '../../../lib/instances/wake.ts';
import { type Action as Recorded, recordAction, recordAlone } from '../../../lib/operations/record-action.ts';
import { setAside } from '../../../lib/operations/set-aside.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import { parseRecordName, rejectByHand, requeueByHand } from '../../../lib/usage/operate.ts';
import { Problem } from '../../cli/terminal/problem.ts';
import { Forbidden } from '../guard.ts';
import type { DeployedDependencies } from './dependencies.ts';
import { instanceOf } from './history.ts';
import type { Acted, Action, Credentials, UsageAction } from './shapes.ts';

/** Words in which a change or record set aside by hand says so to whoever reads its reason. */
const REASON = 'set aside by an operator';

/** Subject of an action: an instance, or the notice of its order line. */
export interface ActedOn {
  readonly product: string;
  readonly instanceId: string;
  readonly isNotice: boolean;
}

/** Refuses to act unless the console may, and while the table is being moved. @throws Problem */
async function mustBeWritable({ writes, table }: DeployedDependencies): Promise<void> {
  if (!writes) throw new Forbidden('page.problem.read-only');
  if ((await readClosing(table))?.closed) throw new Problem('page.problem.closed');
}

/** Carries out an action on what waits or was set aside; it leaves an entry in the history. @throws Problem */
export async function act(
  deps: DeployedDependencies,
  action: Action,
  { product, instanceId, isNotice }: ActedOn,
  why: string | undefined,
): Promise<Acted> {
  await mustBeWritable(deps);
  const { table } = deps;
  const item = await instanceOf(table, product, instanceId);
  const key = isNotice ? keys.orderLine(product, item.orderId, item.orderLineId) : item;
  const recorded = (await deps.recorder(why))(action);
  const isChained = recorded.key !== undefined;
  if (action === 'set-aside') return { ...(await aside(deps, key, recorded)), isChained };
  return { ...(await queueAgain(deps, key, recorded)), isChained };
}

async function queueAgain({ table, clock }: DeployedDependencies, key: Key, recorded: Recorded) {
  const queued = await requeue(table, key, clock(), { record: recordAction(table, recorded) });
  if (queued === undefined) throw new Problem('page.problem.no-instance');
  if (queued.length > 0) return { outcome: 'queued', count: queued.length };
  if (recorded.action !== 'retry') return { outcome: 'nothing', count: 0 };
  const woken = await wakeAt(table, key, clock(), { record: recordAction(table, recorded) });
  return woken === undefined ? { outcome: 'nothing', count: 0 } : { outcome: 'woken', count: 1 };
}

async function aside({ table, clock }: DeployedDependencies, key: Key, recorded: Recorded) {
  const record = recordAction(table, recorded);
  const done = await setAside(table, { key, reason: REASON, token: randomUUID(), now: clock(), record });
  return done.outcome === 'done' ? { outcome: 'aside', count: 1 } : { outcome: done.outcome, count: 0 };
}

/** Settles a usage record of an instance: sets it aside, or makes it due at once. @throws Problem */
export async function settleUsage(
  deps: DeployedDependencies,
  action: UsageAction,
  { product, instanceId, name }: { readonly product: string; readonly instanceId: string; readonly name: string },
  why: string | undefined,
): Promise<Acted> {
  await mustBeWritable(deps);
  const { table, products, clock } = deps;
  const key = name.startsWith(`${instanceId}#`) ? parseRecordName(product, name) : undefined;
  if (key === undefined) throw new Problem('page.problem.no-instance');
  const recorded = (await deps.recorder(why))(`usage ${action}`, name);
  if (!(await recordAlone(table, keys.instance(product, instanceId), recorded))) {
    throw new Problem('page.problem.no-instance');
  }
  const door = { table, products, clock };
  const done = action === 'reject' ? await rejectByHand(door, key, REASON) : await requeueByHand(door, key);
  const isChained = recorded.key !== undefined;
  if (done.outcome === 'done') return { outcome: `usage-${action}`, count: 1, isChained };
  if (done.outcome === 'refused') throw new Problem('page.problem.usage-refused', { reason: done.reason });
  return { outcome: 'nothing', count: 0, isChained };
}

/**
 * Opens an instance's login data for whoever asked. They are given out only once the history says that they were; the
 * operator's own credentials must be allowed to read the sealing key. @throws Problem
 */
export async function openCredentials(
  deps: DeployedDependencies,
  { product, instanceId }: { readonly product: string; readonly instanceId: string },
  why: string | undefined,
): Promise<Credentials> {
  await mustBeWritable(deps);
  const { table, clock } = deps;
  const item = await instanceOf(table, product, instanceId);
  if (item.access === undefined) throw new Problem('page.problem.no-credentials');
  const sealer = createSealer(await deps.secrets(), clock, async () => (await readSealingMark(table)) !== undefined);
  const access = await sealer.open('credentials', item.access, item);
  const recorded = (await deps.recorder(why))('credentials');
  if (!(await recordAlone(table, item, recorded))) throw new Problem('page.problem.no-instance');
  return Object.fromEntries(Object.entries(Object(access)).map(([name, value]) => [name, String(value)]));
}
