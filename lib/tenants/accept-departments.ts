import type { Key } from '../instances/keys.ts';
import type { Binding, DepartmentsRecord, KitChangeOf, KitItem } from '../instances/kit-item.ts';
import { changeIf, putIf, readItem, type WriteOptions } from '../instances/write.ts';
import type { Department } from '../seller/tenant-contract.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { acceptSync, changeIdOf, type Sync, versionOf } from './accept.ts';
import { kitKeys } from './keys.ts';
import type { Chunk } from './read-departments.ts';

/** Characters of JSON in one item: its limit is 400 KB, and a character may take three bytes. */
const CHUNK = 100_000;
/** Seconds for which the parts of a tree are kept that nothing points to yet: longer than any change waits unheard. */
const UNPOINTED_SECONDS = 30 * 86_400;
/** Seconds for which a tree is kept after another has taken its place: whoever is reading it ends long before. */
const OUTGOING_SECONDS = 86_400;

/** allOrgSync: the whole tree. */
export type TreeSync = Pick<Sync<'departments'>, 'sentAt' | 'fingerprint' | 'isTest'> & {
  readonly departments: readonly Department[];
};

/**
 * Puts a whole tree in the place of another: first a generation of items that nobody looks at, then, in one conditional
 * write, the pointer that everybody follows. So no reader ever sees half of it. The generation that has been replaced goes
 * a day later. Parts are put with an end, which carrying out the pointer's change takes away: those that no pointer was
 * written for go by themselves. False if a newer tree, or this very one, has been accepted before.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649437.html
 */
export async function acceptDepartments(
  table: Table,
  binding: Binding,
  { departments, ...rest }: TreeSync,
  now: number,
  options: WriteOptions = {},
): Promise<boolean> {
  const pointer = kitKeys.departments(binding);
  const texts = chunksOf(departments);
  const sync = { ...rest, kind: 'departments', event: 'changed', record: { chunks: texts.length } } as const;
  const version = versionOf(sync.sentAt, changeIdOf(pointer, binding, sync));
  const before = await readItem<KitItem>(table, pointer, options);
  if (before !== undefined && before.version >= version) return false;

  const unlessThere = { condition: 'attribute_not_exists(#pk)', values: {} };
  const chunks = texts.map(
    (text, index): NewItem<Chunk> => ({
      ...kitKeys.chunk(binding, version, index),
      type: ITEM_TYPE.departmentTreePart,
      departments: text,
      unpointed: true,
      ttl: Math.ceil(now / 1000) + UNPOINTED_SECONDS,
    }),
  );
  await Promise.all(chunks.map((chunk) => putIf<Chunk>(table, chunk, unlessThere, options)));
  const accepted = await acceptSync(table, pointer, binding, sync, now, options);
  // Not accepted may also mean that this very call was, a moment ago: its answer was lost, or it came twice at once.
  const standing = accepted ? version : (await readItem<KitItem>(table, pointer, options))?.version;
  const outgoing = standing === version ? generationOf(binding, before) : chunks;
  await Promise.all(outgoing.map((key) => retire(table, key, now, options)));
  return accepted;
}

/** At least one, for a tree without departments. */
function chunksOf(departments: readonly Department[]): readonly string[] {
  const chunks: Department[][] = [[]];
  let length = 0;
  for (const { orgCode, orgName, parentCode } of departments) {
    const department = { orgCode, orgName, parentCode };
    const own = JSON.stringify(department).length + 1;
    if (length + own > CHUNK) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)?.push(department);
    length += own;
  }
  return chunks.map((chunk) => JSON.stringify(chunk));
}

function generationOf(binding: Binding, tree: KitItem | undefined): readonly Key[] {
  if (tree === undefined) return [];
  const { chunks } = tree.record as DepartmentsRecord;
  return Array.from({ length: chunks }, (_, index) => kitKeys.chunk(binding, tree.version, index));
}

async function retire(table: Table, key: Key, now: number, options: WriteOptions): Promise<void> {
  const values = { ttl: Math.ceil(now / 1000) + OUTGOING_SECONDS };
  await changeIf(
    table,
    key,
    'SET #ttl = :ttl REMOVE #unpointed',
    { condition: 'attribute_exists(#pk)', values },
    options,
  );
}

/** Keeps the parts of a tree whose pointer has been written; parts that another tree has replaced since keep their end. */
export async function keepTree(
  table: Table,
  binding: Binding,
  { version, record }: Pick<KitChangeOf<'departments'>, 'version' | 'record'>,
): Promise<void> {
  const parts = Array.from({ length: record.chunks }, (_, index) => kitKeys.chunk(binding, version, index));
  const isNew = { condition: 'attribute_exists(#unpointed)', values: {} };
  await Promise.all(parts.map((part) => changeIf(table, part, 'REMOVE #ttl, #unpointed', isNew)));
}
