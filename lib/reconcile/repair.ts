import { keys } from '../instances/keys.ts';
import { updateIf } from '../instances/write.ts';
import type { Table } from '../table/table.ts';
import type { Drift } from './drift.ts';

/**
 * Puts a difference right by one write, on the condition that the instance is what it was when it was compared: a call
 * that was accepted meanwhile wins. False if it did, or if the repair would take paid time and must not.
 * @param mayShorten lets an end be set back
 */
export async function repair(table: Table, drift: Drift, mayShorten: boolean): Promise<boolean> {
  if (drift.repair === undefined) return false;
  if (drift.repair.set === 'expiresAt' && drift.repair.isBackwards === true && !mayShorten) return false;
  const { set, to } = drift.repair;
  const key = keys.instance(drift.product, drift.instanceId);
  const values = { to, released: 'RELEASED' };
  const alive = 'attribute_exists(#pk) AND #wanted <> :released';
  if (set === 'chargingMode') {
    const condition = `${alive} AND attribute_not_exists(#chargingMode)`;
    return (await updateIf(table, key, 'SET #chargingMode = :to', { condition, values })).done;
  }
  const { from } = drift.repair;
  const unrenewed = `${alive} AND #expireSetAt = :never`;
  const as = from === undefined ? 'attribute_not_exists(#expiresAt)' : '#expiresAt = :from';
  const { done } = await updateIf(table, key, 'SET #expiresAt = :to', {
    condition: `${unrenewed} AND ${as}`,
    values: { ...values, never: 0, ...(from === undefined ? {} : { from }) },
  });
  return done;
}
