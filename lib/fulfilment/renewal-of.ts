import type { Hold } from '../instances/outbox.ts';

/** The renewal under a hold, with the item's date where the change brings none. @throws Error if there is no date */
export function renewalOf({ item, hold }: { readonly item: { readonly expiresAt?: number }; readonly hold: Hold }) {
  const change = { expiresAt: item.expiresAt, ...hold.change };
  if (change.kind !== 'renew' || change.expiresAt === undefined) throw new Error('A renewal without a date.');
  return { ...change, expiresAt: change.expiresAt };
}
