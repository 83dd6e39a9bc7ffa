import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { type Key, keys } from './keys.ts';
import type { Hold } from './outbox.ts';
import { putIf, type WriteOptions } from './write.ts';

/** How a change ended. `moot`: nothing was to be done. */
export type AuditOutcome = 'done' | 'moot' | 'refused' | 'failed';

/** One line of an item's history: what was asked, when, and what came of it. Times are Unix milliseconds. */
export interface AuditEntry extends Key {
  readonly product: string;
  readonly change: string;
  readonly kind: string;
  readonly orderId?: string;
  readonly orderLineId?: string;
  readonly scene?: string;
  readonly acceptedAt: number;
  readonly sentAt: number;
  readonly attempt: number;
  readonly begunAt: number;
  readonly endedAt: number;
  readonly outcome: AuditOutcome;
  readonly reason?: string;
}

/**
 * Keeps the end of a change beside its item, under the change's id. Written before the item itself, so that no end goes
 * unrecorded; if a later attempt has written here already, that one stays.
 */
export async function writeAudit(
  table: Table,
  { item, change }: Hold,
  end: Pick<AuditEntry, 'begunAt' | 'endedAt' | 'outcome' | 'reason'>,
  options: WriteOptions = {},
): Promise<void> {
  const { id, requeuedAt: _, overtaken: _____, ...others } = change;
  // What a change holds of a buyer or a user must not outlive their record here.
  const {
    told: __,
    record: ___,
    fingerprint: ____,
    ...asked
  } = {
    // Stryker disable next-line ObjectLiteral: for the type checker, not every kind of change has these members
    ...{ told: undefined, record: undefined, fingerprint: undefined },
    ...others,
  };
  const { begunAt } = end;
  await putIf<AuditEntry>(
    table,
    {
      ...keys.audit(item.pk, id),
      type: ITEM_TYPE.auditEntry,
      product: item.product,
      change: id,
      ...asked,
      attempt: item.attempts,
      ...end,
    },
    { condition: 'attribute_not_exists(#pk) OR #begunAt <= :begunAt', values: { begunAt } },
    options,
  );
}
