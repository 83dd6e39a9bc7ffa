import { deriveInstanceId } from '../protocol/instance-id.ts';
import { deriveOrderInstanceId } from '../protocol/v1/instance-id.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { InstanceItem } from './item.ts';
import { keys } from './keys.ts';
import { orderKeys } from './order-key.ts';
import { orderMark } from './order-mark.ts';
import { readInstances } from './read.ts';
import { putIf, updateIf } from './write.ts';

/**
 * Brings in the instances that a seller gave out before. Each keeps its id. newInstance looks at the id that it derives
 * from the order, so an alias is put there, which holds the id given out: the call that is sent again for such an order
 * finds it and makes no second instance.
 */

/** An instance given out before; times are Unix milliseconds. */
export interface ImportedInstance {
  readonly product: string;
  readonly instanceId: string;
  readonly orderId: string;
  /** Empty for V1.0. */
  readonly orderLineId: string;
  readonly expiresAt?: number;
  /** Charging mode: `ON_DEMAND`, `PERIOD`, …; usage of an instance of which it is not known cannot be billed. */
  readonly chargingMode?: string;
  /** Sealed as `credentials`. */
  readonly access?: string;
  /** The ids that calls for its order derive: see `derivedIds`. */
  readonly derivedIds: readonly string[];
}

/** Facts that decide which ids calls for an order derive. */
export interface DerivedFrom {
  readonly product: string;
  readonly orderId: string;
  /** Given if calls of V2.0 or of online licences may come. */
  readonly orderLineId?: string;
  /** True if calls of V1.0 or License 1.0 may come. */
  readonly isToldByOrder: boolean;
  /** Given if the product is configured as on-demand. */
  readonly onDemandProductId?: string;
}

/** The ids that calls for an order derive: one for each way in which they may come. */
export function derivedIds(from: DerivedFrom): readonly string[] {
  const { product, orderId, orderLineId, isToldByOrder, onDemandProductId } = from;
  return [
    ...(orderLineId === undefined ? [] : [deriveInstanceId(product, orderId, orderLineId)]),
    ...(isToldByOrder ? [deriveOrderInstanceId(product, orderId, onDemandProductId)] : []),
  ];
}

/** Finds the reasons why instances cannot be imported, by their place in the list; empty if nothing hinders them. */
export async function findConflicts(
  table: Table,
  instances: readonly ImportedInstance[],
): Promise<ReadonlyMap<number, string>> {
  const conflicts = new Map<number, string>();
  for (const product of new Set(instances.map((instance) => instance.product))) {
    const own = instances.filter((instance) => instance.product === product);
    const ids = own.flatMap(({ instanceId, derivedIds: derived }) => [instanceId, ...derived]);
    const known = await readInstances(table, product, ids);
    for (const instance of own) {
      const conflict = conflictOf(instance, known);
      if (conflict !== undefined) conflicts.set(instances.indexOf(instance), conflict);
    }
  }
  return conflicts;
}

function conflictOf(
  { instanceId, orderId, derivedIds: derived }: ImportedInstance,
  known: ReadonlyMap<string, InstanceItem>,
): string | undefined {
  const there = known.get(instanceId);
  if (there !== undefined && (there.aliasOf !== undefined || there.orderId !== orderId)) {
    return `instanceId is already that of order ${there.orderId}`;
  }
  const other = derived.map((id) => known.get(id)).find((item) => item !== undefined && item.instanceId !== instanceId);
  return other && `orderId has the instance ${other.instanceId} already`;
}

/**
 * Writes an instance and its aliases, each unless it is there; false if all were. Repeating it completes what was broken
 * off. @throws Error if something else has come to stand there since `findConflicts`
 */
export async function importInstance(table: Table, instance: ImportedInstance, now: number): Promise<boolean> {
  const { product, instanceId } = instance;
  const items = [itemOf(instance, now), ...instance.derivedIds.map((id) => aliasOf(instance, id, now))];
  let isNew = false;
  // Stryker disable next-line OptionalChaining: for the type checker, the instance itself always comes first
  for (const item of items.filter(({ aliasOf: alias, pk }) => alias === undefined || pk !== items[0]?.pk)) {
    const { done, item: there } = await putIf<InstanceItem>(table, item, {
      condition: 'attribute_not_exists(#pk)',
      values: {},
    });
    isNew ||= done;
    if (!done && there?.instanceId !== instanceId) {
      throw new Error(`The order of ${product} instance ${instanceId} was given another instance meanwhile.`);
    }
    if (there !== undefined && (await completeCharging(table, there, instance))) isNew = true;
  }
  return isNew;
}

/** Adds how an instance is charged that was imported without it. */
async function completeCharging(
  table: Table,
  there: InstanceItem,
  { chargingMode }: ImportedInstance,
): Promise<boolean> {
  if (chargingMode === undefined || there.chargingMode !== undefined || there.aliasOf !== undefined) return false;
  const { done } = await updateIf(table, there, 'SET #chargingMode = :chargingMode, #imported = :imported', {
    condition: '#state <> :pending AND attribute_not_exists(#chargingMode)',
    values: { chargingMode, imported: true, pending: 'PENDING' },
  });
  return done;
}

function itemOf(instance: ImportedInstance, now: number): NewItem<InstanceItem> {
  const { product, instanceId, orderId, orderLineId, expiresAt, access, chargingMode } = instance;
  return {
    ...keys.instance(product, instanceId),
    type: ITEM_TYPE.instance,
    product,
    instanceId,
    orderId,
    orderLineId,
    ...orderKeys(orderId, orderLineId),
    wanted: 'ACTIVE',
    state: 'ACTIVE',
    // No test can tell the id: the mark is made of the rest
    orders: new Set([orderMark({ id: '', kind: 'provision', orderId, orderLineId, acceptedAt: now, sentAt: 0 })]),
    statusAt: 0,
    expireSetAt: 0,
    createdAt: now,
    // No test can tell the conditions of these two, for the type checker: undefined members are dropped
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(access === undefined ? {} : { access }),
    ...(chargingMode === undefined ? {} : { chargingMode }),
    imported: true,
    pending: [],
    failed: {},
    attempts: 0,
  };
}

/** As good as released to all calls but newInstance, since nobody knows the id. */
function aliasOf(instance: ImportedInstance, derivedId: string, now: number): NewItem<InstanceItem> {
  const {
    expiresAt: _,
    access: __,
    chargingMode: ___,
    orderKey: ____,
    lineKey: _____,
    ...item
  } = itemOf(instance, now);
  const { product, instanceId } = instance;
  return {
    ...item,
    ...keys.instance(product, derivedId),
    type: ITEM_TYPE.instanceAlias,
    wanted: 'RELEASED',
    state: 'RELEASED',
    aliasOf: instanceId,
  };
}
