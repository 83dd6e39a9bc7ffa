import type { LicenseRefusalCode } from '../protocol/result-codes.ts';
import type { InstanceItem, Outbox, State } from './item.ts';

/**
 * A licence code that the marketplace made (License 2.0). It has the attributes of an instance that its calls look at, so
 * that the rules of renewal, status and release are those of instances.
 */
export interface LicenseItem
  extends Outbox,
    Pick<
      InstanceItem,
      'wanted' | 'orders' | 'statusAt' | 'frozenFor' | 'expiresAt' | 'expireSetAt' | 'createdAt' | 'releasedAt'
    > {
  /** The code. */
  readonly license: string;
  /** State that the seller's code has been notified of. */
  readonly state: Extract<State, 'ACTIVE' | 'FROZEN' | 'RELEASED'>;
}

/** A device's application for an online licence: first it is issued, then delivered. */
export interface ApplicationItem extends Outbox {
  readonly eventId: string;
  readonly instanceId: string;
  /** Sealed as `personal`: what was asked, since a fingerprint names a buyer's machine. */
  readonly request: string;
  readonly createdAt: number;
  /** Sealed as `personal`: the licence, once the seller's code has issued it. */
  readonly licence?: string;
  /** Reason for which none was issued. `resultCode` is there if the seller refused. */
  readonly failure?: { readonly resultCode?: LicenseRefusalCode; readonly reason: string };
}
