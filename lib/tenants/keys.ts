import { hash } from 'node:crypto';
import { joined, type Key } from '../instances/keys.ts';
import type { Binding } from '../instances/kit-item.ts';
import { Refusal } from '../protocol/refusal.ts';

/** DynamoDB's limit for a sort key. */
const LONGEST = 1_024;

/**
 * Keys of the Kit's records: a tenant's own together, those of each instance below it. The parts are those by which the
 * marketplace distinguishes its calls: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649434.html
 */
export const kitKeys = {
  tenant: (binding: Binding): Key => key(binding, 'TENANT'),
  application: (binding: Binding, appId: string): Key => key(binding, 'APP', appId),
  /** Hashed: an account may be named after a telephone number. */
  user: (binding: Binding, appId: string, userName: string): Key =>
    key(binding, 'USER', appId, hash('sha256', userName, 'base64url')),
  department: (binding: Binding, orgCode: string): Key => key(binding, 'ORG', orgCode),
  /** Points to the newest full tree. */
  departments: (binding: Binding): Key => key(binding, 'ORGS'),
  /** One of the items that a full tree consists of. */
  chunk: (binding: Binding, version: string, index: number): Key => key(binding, 'ORGS', version, String(index)),
};

/** The partition of a tenant. */
export function partitionOf({ product, tenantId }: Pick<Binding, 'product' | 'tenantId'>): string {
  return joined(['TENANT', product, tenantId]);
}

/** Gives the beginning of the sort keys of an instance's records. */
export function instancePrefix(instanceId: string): string {
  return `${instanceId === '' ? NO_INSTANCE : joined([instanceId])}#`;
}

/** Stands for the empty id; no escaped part looks like it. */
const NO_INSTANCE = '%';

function key(binding: Binding, ...parts: readonly string[]): Key {
  const sk = `${instancePrefix(binding.instanceId)}${joined(parts)}`;
  if (Buffer.byteLength(sk) > LONGEST) throw new Refusal('000002', 'the ids are too long together');
  return { pk: partitionOf(binding), sk };
}
