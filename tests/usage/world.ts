import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand, ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { defineProducts, type ProductSettings } from '../../lib/config/products.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { readItems } from '../../lib/instances/read.ts';
import { putIf, readItem } from '../../lib/instances/write.ts';
import { ITEM_TYPE, type NewItem } from '../../lib/table/item-type.ts';
import type { Table } from '../../lib/table/table.ts';
import type { UsageDependencies } from '../../lib/usage/dependencies.ts';
import type { UsageRecord } from '../../lib/usage/item.ts';
import { usageKey } from '../../lib/usage/keys.ts';
import { isReport, readReport } from '../../lib/usage/report.ts';
import { eachOf } from '../../lib/usage/side-by-side.ts';
import { recordOf as madeRecord } from '../../lib/usage/store.ts';
import { sweepUsage } from '../../lib/usage/sweep.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { recordingLog } from '../middleware/support.ts';
import { Billing } from './billing.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A full hour. */
export const NOW = Date.UTC(2025, 8, 20, 12);

/** A place where usage is reported and pushed: a clock that only tests move, a marketplace that keeps books. */
export function usageWorld(table: Table, settings: Partial<ProductSettings> = {}, batchSize = 1_000) {
  const time = { now: NOW };
  const billing = new Billing();
  const log = recordingLog();
  const deps: UsageDependencies = {
    table,
    products: defineProducts({ demo: { seller: demoSeller, ...settings } }),
    pushUsage: billing.push,
    batchSize,
    clock: () => time.now,
    random: Math.random,
    log,
  };
  return {
    deps,
    time,
    billing,
    log,
    metrics: (name: string) =>
      log.entries.filter(({ level, message }) => level === 'metric' && message === name).length,
    sweep: () => sweepUsage(deps, plenty),
  };
}

export const plenty = () => 1_000_000;

/** What may differ from an active on-demand instance; `chargingMode: undefined` is one whose order was never read. */
type Members = Partial<Omit<InstanceItem, 'chargingMode'>> & { readonly chargingMode?: string | undefined };

/** An instance as it lies in the table once it has been provisioned, bought forty days before {@link NOW}. */
export async function opened(table: Table, members: Members = {}): Promise<string> {
  const { chargingMode, ...others } = { chargingMode: 'ON_DEMAND', ...members };
  const instanceId = members.instanceId ?? randomUUID();
  const item: NewItem<InstanceItem> = {
    ...keys.instance('demo', instanceId),
    type: ITEM_TYPE.instance,
    product: 'demo',
    instanceId,
    orderId: 'CS1',
    orderLineId: 'CS1-000001',
    wanted: 'ACTIVE',
    state: 'ACTIVE',
    orders: new Set(['newInstance#CS1#CS1-000001']),
    statusAt: 0,
    expireSetAt: 0,
    createdAt: NOW - 40 * DAY,
    ...(chargingMode === undefined ? {} : { chargingMode }),
    pending: [],
    failed: {},
    attempts: 0,
    ...others,
  };
  await putIf(table, item, { condition: 'attribute_not_exists(#pk)', values: {} });
  return instanceId;
}

/** A report of the hour that ended `ago` hours before {@link NOW}. */
export function report(instanceId: string, ago = 0, more: object = {}) {
  const end = NOW - ago * HOUR;
  return {
    product: 'demo',
    instanceId,
    begin: new Date(end - HOUR).toISOString(),
    end: new Date(end).toISOString(),
    value: '1.5',
    id: `r-${ago}`,
    ...more,
  };
}

/** The record that the door would make of {@link report}, stored half an hour before {@link NOW}. */
export function storedRecord(instanceId: string, ago: number, value: string, more: object = {}): UsageRecord {
  const read = readReport(report(instanceId, ago, { value, ...more }));
  if (!isReport(read)) throw new Error(read.reason);
  return madeRecord(read, NOW - HOUR / 2);
}

/** Puts many items, 25 a request. */
export async function putAll(table: Table, items: readonly UsageRecord[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / 25) }, (_, at) => items.slice(at * 25, at * 25 + 25));
  await eachOf(batches, async (batch) => {
    const requests = batch.map((item) => ({ PutRequest: { Item: marshall(item) } }));
    const { UnprocessedItems = {} } = await table.client.send(
      new BatchWriteItemCommand({ RequestItems: { [table.name]: requests } }),
    );
    if (Object.keys(UnprocessedItems).length > 0) throw new Error('The engine left items out.');
  });
}

/** Puts a report as a seller's program does that writes to the table by itself; false if something was there. */
export async function putWritten({ client, name }: Table, item: object): Promise<boolean> {
  const Item = marshall(item, { removeUndefinedValues: true });
  try {
    const rule = { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } };
    await client.send(new PutItemCommand({ TableName: name, Item, ...rule }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** The record of the hour that ended `ago` hours before {@link NOW}. */
export async function recordOf(table: Table, instanceId: string, ago = 0): Promise<UsageRecord | undefined> {
  const end = NOW - ago * HOUR;
  return readItem<UsageRecord>(table, usageKey('demo', instanceId, { begin: end - HOUR, end }));
}

/** The records of the last so many hours before {@link NOW}. */
export function recordsOf(table: Table, instanceId: string, hours: number): Promise<readonly UsageRecord[]> {
  const ends = Array.from({ length: hours }, (_, ago) => NOW - ago * HOUR);
  return readItems(
    table,
    ends.map((end) => usageKey('demo', instanceId, { begin: end - HOUR, end })),
  );
}

export async function instanceOf(table: Table, instanceId: string): Promise<InstanceItem> {
  const item = await readItem<InstanceItem>(table, keys.instance('demo', instanceId));
  if (item === undefined) throw new Error(`There is no instance ${instanceId}.`);
  return item;
}
