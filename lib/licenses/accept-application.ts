import type { Lease } from '../instances/accept-purchase.ts';
import type { PendingChange } from '../instances/item.ts';
import { keys, shardOf } from '../instances/keys.ts';
import type { ApplicationItem } from '../instances/license-item.ts';
import { changeId } from '../instances/lifecycle.ts';
import { requeue } from '../instances/requeue.ts';
import { putIf, type WriteOptions } from '../instances/write.ts';
import { RESULT_CODES, type ResultCode } from '../protocol/result-codes.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';

/** getLicenseAsync, of an instance that is known to live. */
export interface ApplicationCall {
  readonly product: string;
  readonly instanceId: string;
  readonly eventId: string;
  /** The empty text if the device told nothing. */
  readonly deviceFingerprint: string;
  /** Sealed as `personal`. */
  readonly request: string;
  readonly sentAt: number;
  readonly lease?: Lease;
}

/** The answer to an application. */
export interface ApplicationOutcome {
  readonly resultCode: ResultCode;
  readonly resultMsg: string;
  /** The lease asked for is held. */
  readonly leased: boolean;
}

/**
 * Keeps an application once per event and fingerprint, with both things that are to be done about it: issue, then
 * deliver. So the same application can never yield a second licence.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649255.html
 */
export async function acceptApplication(
  table: Table,
  call: ApplicationCall,
  now: number,
  options: WriteOptions = {},
): Promise<ApplicationOutcome> {
  const item = applicationOf(call, now);
  const rule = { condition: 'attribute_not_exists(#pk)', values: {} };
  const written = await putIf<ApplicationItem>(table, item, rule, options);
  const leased = call.lease !== undefined && written.item?.leaseOwner === call.lease.owner;
  if (written.done) return { ...answer('000000'), leased };
  const known = written.item;
  if (known === undefined) throw new Error('The table refused a new application and holds none.');
  if (known.instanceId !== call.instanceId) {
    return { ...answer('000002', 'eventId belongs to the application of another instance'), leased: false };
  }
  const answered = answerApplication(known);
  if (answered !== 'again') return { ...answered, leased };
  await requeue(table, item, now, options);
  return { ...answer('000000'), leased: false };
}

/** Chooses the answer to an application; `again` if it failed for want of an answer and is to be queued again. */
export function answerApplication(item: ApplicationItem): Omit<ApplicationOutcome, 'leased'> | 'again' {
  if (Object.keys(item.failed).length === 0) return answer('000000');
  const { resultCode, reason } = item.failure ?? {};
  return resultCode === undefined || item.licence !== undefined ? 'again' : answer(resultCode, reason);
}

function answer(resultCode: ResultCode, resultMsg: string = RESULT_CODES[resultCode]) {
  return { resultCode, resultMsg };
}

function applicationOf(call: ApplicationCall, now: number): NewItem<ApplicationItem> {
  const { product, instanceId, eventId, deviceFingerprint, request, sentAt, lease } = call;
  const key = keys.application(product, eventId, deviceFingerprint);
  const change = (kind: 'issueLicense' | 'deliverLicense'): PendingChange => ({
    id: changeId(product, instanceId, kind, eventId, deviceFingerprint),
    kind,
    acceptedAt: now,
    sentAt,
  });
  return {
    ...key,
    type: ITEM_TYPE.licenseApplication,
    product,
    eventId,
    instanceId,
    request,
    createdAt: now,
    pending: [change('issueLicense'), change('deliverLicense')],
    failed: {},
    attempts: lease === undefined ? 0 : 1,
    dueShard: shardOf(key),
    dueAt: lease === undefined ? 0 : lease.until,
    ...(lease === undefined ? {} : { leaseOwner: lease.owner, leaseUntil: lease.until }),
  };
}
