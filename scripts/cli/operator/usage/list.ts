import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { InstanceItem } from '../../../../lib/instances/item.ts';
import { readInstances, readItems } from '../../../../lib/instances/read.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { duePages, recordPages } from '../../../../lib/usage/due.ts';
import type { UsageRecord, WrittenReport } from '../../../../lib/usage/item.ts';
import { subjectOf, usagePartition } from '../../../../lib/usage/keys.ts';
import { recordName } from '../../../../lib/usage/operate.ts';
import { parsePeriodKey } from '../../../../lib/usage/period.ts';
import { isWritten } from '../../../../lib/usage/records.ts';
import type { Say } from '../../messages/index.ts';
import { EXIT } from '../../terminal/problem.ts';
import { asTable, shortTime } from './table-text.ts';

type Listed = UsageRecord | WrittenReport;

const DAY_MS = 86_400_000;
/** Milliseconds by which days begin earlier in Beijing. */
const BEIJING_MS = 8 * 3_600_000;

/**
 * Shows records: all of an instance, else what is due, else (`all`) everything there is; with `day` those that begin on a
 * day in Beijing. @returns 1 if something of the day has not been accepted
 */
export async function listUsage(options: {
  readonly table: Table;
  readonly place: string;
  readonly product: string;
  readonly instanceId: string | undefined;
  readonly all: boolean;
  /** `2026-11-30`. */
  readonly day: string | undefined;
  readonly tell: (text: string, data: unknown) => void;
  readonly say: Say;
}): Promise<number> {
  const { table, place, product, instanceId, all, day, tell, say } = options;
  const records: Listed[] = [];
  const pages =
    instanceId !== undefined
      ? recordPages<Listed>(table, usagePartition(product, instanceId), '')
      : all || day !== undefined
        ? scanPages(table)
        : waitingPages(table);
  for await (const page of pages) records.push(...page.filter((one) => day === undefined || isOfDay(one, day)));
  const totals = instanceId === undefined ? [] : await totalsOf(table, product, instanceId, say);
  const which = instanceId !== undefined ? 'of-instance' : day !== undefined ? 'day' : all ? 'all' : 'due';
  if (records.length === 0 && totals.length === 0) {
    tell(say(`usage.none.${which}`, { place, instance: instanceId ?? '', day: day ?? '' }), []);
    return EXIT.good;
  }
  const heads = ['instance', 'begin', 'end', 'value', 'state', 'id', 'package', 'number', 'note', 'key'];
  const rows = records.map((record) => rowOf(record, say));
  const text =
    rows.length === 0
      ? []
      : [
          asTable(
            heads.map((name) => say(`usage.head.${name}`)),
            rows,
          ),
        ];
  tell([...text, ...totals, say('usage.count', { count: records.length, place })].join('\n\n'), records);
  return day === undefined || records.every((one) => 'state' in one && one.state === 'accepted')
    ? EXIT.good
    : EXIT.found;
}

function isOfDay({ sk }: Listed, day: string): boolean {
  const from = Date.parse(`${day}T00:00:00Z`) - BEIJING_MS;
  const { begin = Number.NaN } = parsePeriodKey(sk) ?? {};
  return begin >= from && begin < from + DAY_MS;
}

/** Reads the records that wait, whenever they are due: those refused for now as well. */
async function* waitingPages(table: Table): AsyncGenerator<readonly Listed[], void, undefined> {
  for await (const keys of duePages(table, Number.MAX_SAFE_INTEGER)) yield await readItems<Listed>(table, keys);
}

async function* scanPages(table: Table): AsyncGenerator<readonly Listed[], void, undefined> {
  let from: Record<string, never> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new ScanCommand({ TableName: table.name, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
    );
    yield Items.filter(({ pk }) => pk?.S?.startsWith('USAGE#')).map((item) => unmarshall(item) as Listed);
    from = LastEvaluatedKey as Record<string, never> | undefined;
  } while (from !== undefined);
}

async function totalsOf(table: Table, product: string, instanceId: string, say: Say): Promise<readonly string[]> {
  const item: InstanceItem | undefined = (await readInstances(table, product, [instanceId])).get(instanceId);
  if (item?.usage === undefined) return [];
  const { total, byInstance = {}, at } = item.usage;
  const parts = Object.entries(byInstance).map(([id, used]) => say('usage.by', { used, id }));
  const shares = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return [say('usage.total', { total, shares, at: shortTime(at) })];
}

function rowOf(item: Listed, say: Say): string[] {
  const { instanceId = '' } = subjectOf(item) ?? {};
  const key = recordName(instanceId, item);
  const period = parsePeriodKey(item.sk);
  const times = period === undefined ? [item.sk, ''] : [shortTime(period.begin), shortTime(period.end)];
  const { packageInstanceId } = item;
  if (isWritten(item)) {
    const { value, id } = item;
    return [
      instanceId,
      ...times,
      String(value),
      say('usage.state.unchecked'),
      String(id ?? ''),
      String(packageInstanceId ?? ''),
      '',
      '',
      key,
    ];
  }
  const { value, state, reportId, meteringSn, code, reason } = item;
  const note = code === undefined ? '' : `${code}: ${reason ?? ''}`;
  const texts = [value, say(`usage.state.${state}`), reportId, packageInstanceId, meteringSn].map((text) =>
    String(text ?? ''),
  );
  return [instanceId, ...times, ...texts, note, key];
}
