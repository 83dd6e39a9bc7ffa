import { acceptPurchase } from '../../../../lib/instances/store.ts';
import type { PushUsage, UsageDependencies } from '../../../../lib/usage/dependencies.ts';
import { reportUsage } from '../../../../lib/usage/store.ts';
import { sweepUsage } from '../../../../lib/usage/sweep.ts';
import type { Life } from './life.ts';

const HOUR_MS = 3_600_000;

/** Order that is bought on demand. */
export const ON_DEMAND_ORDER = 'ON-DEMAND';

/** Requests that reports of usage, their pushes and the marketplace's answers send. */
export async function usage({ table, product, deps, now, settle }: Life): Promise<void> {
  const order = { orderId: ON_DEMAND_ORDER, orderLineId: `${ON_DEMAND_ORDER}-1` };
  const { instanceId } = await acceptPurchase(table, { product, ...order, sentAt: 1 }, now());
  await settle();
  let push: PushUsage = async (_, records) => records.map(({ meteringSn }) => ({ meteringSn, outcome: 'accepted' }));
  const usageDeps: UsageDependencies = { ...deps, batchSize: 100, pushUsage: (...args) => push(...args) };
  const report = (ago: number) => {
    const end = (Math.floor(now() / HOUR_MS) - ago) * HOUR_MS;
    const period = { begin: new Date(end - HOUR_MS).toISOString(), end: new Date(end).toISOString() };
    return reportUsage(usageDeps, { product, instanceId, ...period, value: '1.5', id: `usage-${ago}` });
  };
  for (const ago of [3, 3, 2]) await report(ago);
  await sweepUsage(usageDeps, () => 1_000_000);
  push = async (_, records) =>
    records.map(({ meteringSn }) => ({ meteringSn, outcome: 'refused', code: '001', action: 'correct' }));
  await report(1);
  await sweepUsage(usageDeps, () => 1_000_000);
}
