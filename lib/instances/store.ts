/**
 * Effects of the marketplace's calls on the table.
 *
 * An instance is one item, and a call that changes it is one conditional write. The condition is the rule of
 * idempotency: not there yet (purchase), this order not known yet (renewal, upgrade), no newer status (freeze,
 * unfreeze), not released yet (release). In the same write the change is appended to `pending`, the outbox from which
 * fulfilment works, and the item enters the sparse index `due`. So there is no lock, nothing in between, and nothing to
 * lose: either the call has been accepted as a whole or not at all. If the condition fails, the old image comes back with
 * the error and `lifecycle.ts` reads the answer to the repeat out of it; an engine that keeps the image back is asked for
 * it. The expressions stay within what every engine with DynamoDB's interface understands: single items, comparisons,
 * `attribute_exists`, `contains`, `list_append` to the same path; no transactions, no `size()`, no `IN`.
 */
export { acceptOrderNotice, type OrderNoticeCall } from './accept-order-notice.ts';
export { acceptPurchase, type Lease, type PurchaseCall } from './accept-purchase.ts';
export { acceptRelease, type ReleaseCall } from './accept-release.ts';
export { acceptRenewal, type RenewalCall } from './accept-renewal.ts';
export { acceptStatus, type StatusCall } from './accept-status.ts';
export { acceptUpgrade, type UpgradeCall } from './accept-upgrade.ts';
export type { Outcome } from './lifecycle.ts';
export { claimNonce } from './nonces.ts';
export { readInstances } from './read.ts';
export { requeue } from './requeue.ts';
