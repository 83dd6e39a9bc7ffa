import { expect, test } from '@jest/globals';
import type { KitChange, KitItem } from '../../lib/instances/kit-item.ts';
import { headIs, toMember, waitingIn } from '../../lib/instances/queue.ts';

const change = (version: string): KitChange => ({
  id: `id-${version}`,
  kind: 'tenant',
  event: 'changed',
  version,
  fingerprint: version,
  acceptedAt: 1,
  sentAt: 1,
  record: {},
});
const [first, second] = [change('0001'), change('0002')];
const record: KitItem = {
  pk: 'TENANT#demo#t',
  sk: 'i#TENANT',
  product: 'demo',
  tenantId: 't',
  instanceId: 'i',
  kind: 'tenant',
  event: 'changed',
  version: '0002',
  sentAt: 1,
  record: {},
  turn: 2,
  failed: {},
  attempts: 0,
};

test('changes of the Kit wait in the order of their versions, whatever order the set is in', () => {
  const queue = new Set([toMember(second), toMember(first)]);
  expect(waitingIn({ ...record, queue }).map(({ id }) => id)).toEqual(['id-0001', 'id-0002']);
});

test('nothing waits in a record at rest, which has no set: no engine keeps an empty one', () => {
  expect(waitingIn(record)).toEqual([]);
});

test('a change that waits no more is the head of nothing', () => {
  const queue = new Set([toMember(second)]);
  expect(headIs({ ...record, queue }, second).values).toEqual({ head: toMember(second) });
  const { head } = headIs({ ...record, queue }, first).values as { head: string };
  expect(queue.has(head)).toBe(false);
});
