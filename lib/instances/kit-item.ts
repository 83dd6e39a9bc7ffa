import type { Outbox, Queued } from './item.ts';

/** Whose record it is: an enterprise as bound to one instance. `instanceId` is empty while no order exists yet. */
export interface Binding {
  readonly product: string;
  readonly tenantId: string;
  readonly instanceId: string;
}

/** Subject of an item. `departments` points to the tree that the newest full sync has brought. */
export type KitKind = 'tenant' | 'application' | 'user' | 'department' | 'departments';

/** Effect of a call on its record. */
export type KitEvent = 'added' | 'changed' | 'removed' | 'withdrawn';

/** Data kept of a tenant; nothing once it is removed. */
export interface TenantRecord {
  readonly orderId?: string;
  readonly tenantCode?: string;
  readonly name?: string;
  readonly domainName?: string;
}

export interface ApplicationRecord {
  readonly appId: string;
  /** Both absent once it is removed. */
  readonly clientId?: string;
  /** Sealed as `kit`. */
  readonly clientSecret?: string;
}

export interface UserRecord {
  readonly appId: string;
  /** Sealed as `personal`: the user; the account's name alone once it is removed or withdrawn. */
  readonly user: string;
}

export interface DepartmentRecord {
  readonly orgCode: string;
  /** Both absent once it is removed. */
  readonly orgName?: string;
  readonly parentCode?: string;
}

export interface DepartmentsRecord {
  /** Number of items that hold the tree; their keys name the version of this one. */
  readonly chunks: number;
}

export interface KitRecords {
  readonly tenant: TenantRecord;
  readonly application: ApplicationRecord;
  readonly user: UserRecord;
  readonly department: DepartmentRecord;
  readonly departments: DepartmentsRecord;
}

/** An accepted call on its way to the seller's code: a member of `queue`. Times are Unix milliseconds. */
export type KitChange = {
  readonly [Kind in KitKind]: Queued & {
    readonly kind: Kind;
    /** Only an authorisation can be withdrawn. */
    readonly event: Kind extends 'user' ? KitEvent : Exclude<KitEvent, 'withdrawn'>;
    /** Orders the changes of a key, and departments among each other; see `versionOf` of lib/tenants/accept.ts. */
    readonly version: string;
    /** Equal for equal content; cannot be computed from the content alone. */
    readonly fingerprint: string;
    readonly record: KitRecords[Kind];
    /** A debugging call that the product stores. */
    readonly isTest?: true;
  };
}[KitKind];

/**
 * One key of the Kit: its newest state and its outbox. Unlike an instance it comes into being with whatever call is first,
 * so its changes wait in a set, which one write can both make and add to.
 */
export interface KitItem extends Binding, Omit<Outbox, 'pending' | 'failed'> {
  readonly kind: KitKind;
  readonly event: KitEvent;
  readonly version: string;
  /** Signed time of the newest call. */
  readonly sentAt: number;
  readonly record: KitRecords[KitKind];
  /** That of the newest call; absent on items that older versions have written. */
  readonly fingerprint?: string;
  readonly isTest?: true;
  /** {@link KitChange}s as JSON, which sorts as their versions do. Absent when nothing waits. */
  readonly queue?: ReadonlySet<string>;
  /** Counts what was added to the queue, so that nothing is taken for empty that is not. */
  readonly turn: number;
  /** Changes set aside because they cannot succeed, by id; a newer call empties it. */
  readonly failed: Readonly<Record<string, KitChange & { readonly reason: string; readonly failedAt: number }>>;
  /** Fingerprint of what the seller's code has carried out last; `unsure` after something was set aside. */
  readonly carriedOut?: string;
  /** Unix seconds; only tombstones go. */
  readonly ttl?: number;
}

/** A change of one kind. */
export type KitChangeOf<Kind extends KitKind> = Extract<KitChange, { readonly kind: Kind }>;

/** Tells a tombstone from a record that stands. */
export function isGone(event: KitEvent): event is 'removed' | 'withdrawn' {
  return event === 'removed' || event === 'withdrawn';
}
