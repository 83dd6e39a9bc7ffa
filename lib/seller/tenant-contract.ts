import type { Done, Failed, HookContext } from './contract.ts';

/**
 * Functions that the seller of a joint-operation product may write beside the rest of the contract: one per kind of
 * record that the marketplace keeps in step. All are optional; what has no function is stored and delivered to nobody.
 *
 * Every accepted call reaches its function at least once, in the order of the signed times for one key (tenant;
 * application; user; department), with an idempotency key of its own. A call that brings nothing new, such as a
 * repeated add, is stored and not delivered again. An add may come for what is there already: take `added` and
 * `changed` alike as "from now on it is so". A removal may come for what was never there.
 */
export interface TenantHooks {
  /** An enterprise was bound to an instance, was given another name or domain, or was unbound. */
  tenantChanged?(change: TenantChange, context: HookContext): Promise<Done | Failed>;
  /** An application got its OAuth client for a tenant, or lost it. */
  applicationChanged?(change: ApplicationChange, context: HookContext): Promise<Done | Failed>;
  /** An administrator of the tenant has authorised a user for an application, has changed or removed one. */
  userChanged?(change: UserChange, context: HookContext): Promise<Done | Failed>;
  /** One department was made, renamed, moved or removed. */
  departmentChanged?(change: DepartmentChange, context: HookContext): Promise<Done | Failed>;
  /** The whole tree was sent: what is not in it is gone. Holds whatever single changes have come since. */
  departmentsReplaced?(change: DepartmentsReplaced, context: HookContext): Promise<Done | Failed>;
}

/** An enterprise as bound to one instance; the same enterprise may be bound to several. */
export interface Binding {
  readonly product: string;
  readonly tenantId: string;
  /** Absent while the seller applies for a credential: nobody has bought yet. */
  readonly instanceId?: string;
}

interface TenantEvent {
  readonly binding: Binding;
  readonly action: 'added' | 'changed' | 'removed';
  /** When the marketplace signed the call. */
  readonly at: Date;
  /** A debugging call; only with `kitTest: 'store'`. */
  readonly isTest: boolean;
}

export interface TenantChange extends TenantEvent {
  /** Absent when removed. */
  readonly tenant?: {
    readonly name: string;
    /** Short name: `userName@tenantCode` tells the users of all tenants apart. */
    readonly tenantCode: string;
    /** Base address of the tenant's identity centre. */
    readonly domainName: string;
    readonly orderId?: string;
  };
}

export interface ApplicationChange extends TenantEvent {
  readonly appId: string;
  /** The OAuth client of this tenant, the secret in the clear. Absent when removed. */
  readonly client?: { readonly clientId: string; readonly clientSecret: string };
}

export interface UserChange extends Omit<TenantEvent, 'action'> {
  /** `withdrawn`: may not use the application any more, and may be authorised again. */
  readonly action: 'added' | 'changed' | 'removed' | 'withdrawn';
  readonly appId: string;
  /** Unique within a tenant alone. */
  readonly userName: string;
  /** Absent when removed or withdrawn. */
  readonly user?: TenantUser;
}

/** Personal data: telephone and e-mail are there only if the credential asks for them and the buyer agreed. */
export interface TenantUser {
  readonly name?: string;
  readonly orgCode?: string;
  readonly position?: string;
  readonly employeeCode?: string;
  /** 1 regular, 2 intern, 3 dispatched, 4 outsourced. */
  readonly employeeType?: number;
  /** Give administrators' rights for `admin`. */
  readonly role: 'user' | 'admin' | (string & {});
  /** True if the account may be used at present. */
  readonly enable: boolean;
  readonly mobile?: string;
  readonly email?: string;
  readonly workPlace?: string;
  readonly entryDate?: string;
  readonly extension?: Readonly<Record<string, unknown>>;
}

export interface Department {
  /** Chosen by the tenant, unique within it. */
  readonly orgCode: string;
  readonly orgName: string;
  /** Empty at the top. */
  readonly parentCode: string;
}

export interface DepartmentChange extends TenantEvent {
  readonly orgCode: string;
  /** Absent when removed. */
  readonly department?: Department;
}

export interface DepartmentsReplaced extends Omit<TenantEvent, 'action'> {
  readonly departments: readonly Department[];
}
