import type { Key } from '../instances/keys.ts';
import {
  type Binding,
  type DepartmentRecord,
  type DepartmentsRecord,
  isGone,
  type KitItem,
} from '../instances/kit-item.ts';
import { readItem, type WriteOptions } from '../instances/write.ts';
import type { Department } from '../seller/tenant-contract.ts';
import { readPartition } from '../table/partition.ts';
import type { Table } from '../table/table.ts';
import { instancePrefix, kitKeys, partitionOf } from './keys.ts';

/** One of the items that a full tree consists of. */
export interface Chunk extends Key {
  /** JSON: a list of departments. */
  readonly departments: string;
  /** There until the pointer's change has been carried out. */
  readonly unpointed?: true;
  /** Unix seconds; there as long as nothing points to it, and once another tree has taken its place. */
  readonly ttl?: number;
}

/**
 * The departments of a tenant: the newest full tree, and over it whatever single changes are newer. The single ones are
 * read first: should a tree take another's place meanwhile, they are older than it and do not count, so that what is
 * returned has been the whole tree at some moment.
 */
export async function readDepartments(
  table: Table,
  binding: Binding,
  options: WriteOptions = {},
): Promise<readonly Department[]> {
  const single = await readSingle(table, binding, options);
  const tree = await readTree(table, binding, options);
  const departments = new Map<string, Department>();
  if (tree !== undefined) {
    const { chunks } = tree.record as DepartmentsRecord;
    const keys = Array.from({ length: chunks }, (_, index) => kitKeys.chunk(binding, tree.version, index));
    for (const chunk of await Promise.all(keys.map((key) => readItem<Chunk>(table, key, options)))) {
      for (const one of JSON.parse(chunk?.departments ?? '[]') as Department[]) departments.set(one.orgCode, one);
    }
  }
  for (const { version, event, record } of single) {
    if (tree !== undefined && tree.version > version) continue;
    const { orgCode, orgName = '', parentCode = '' } = record as DepartmentRecord;
    if (isGone(event)) departments.delete(orgCode);
    else departments.set(orgCode, { orgCode, orgName, parentCode });
  }
  return [...departments.values()];
}

/** Checks whether a full tree is newer than a single department's change. */
export async function isOvertaken(table: Table, binding: Binding, version: string): Promise<boolean> {
  const tree = await readTree(table, binding);
  return tree !== undefined && tree.version > version;
}

function readTree(table: Table, binding: Binding, options: WriteOptions = {}): Promise<KitItem | undefined> {
  return readItem<KitItem>(table, kitKeys.departments(binding), options);
}

async function readSingle(table: Table, binding: Binding, options: WriteOptions): Promise<readonly KitItem[]> {
  const found: KitItem[] = [];
  const prefix = `${instancePrefix(binding.instanceId)}ORG#`;
  for await (const one of readPartition<KitItem>(table, partitionOf(binding), { ...options, prefix })) found.push(one);
  return found;
}
