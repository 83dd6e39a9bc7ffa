import * as v from 'valibot';
import type {
  Change,
  ChangeQuestion,
  Erasure,
  Instance,
  Order,
  OrderNotice,
  Purchase,
  Renewal,
  Seller,
  Upgrade,
} from './contract.ts';
import type { LicenseApplication, LicenseChange, LicenseHooks, LicenseRenewal } from './license-contract.ts';
import type { ApikeyApplication } from './maas-contract.ts';
import type {
  ApplicationChange,
  DepartmentChange,
  DepartmentsReplaced,
  TenantChange,
  TenantHooks,
  UserChange,
} from './tenant-contract.ts';
import type { UsageQuestion } from './usage-contract.ts';

/**
 * The bodies that the HTTP seller sends, event by event, as schemas: the types of the contract after `JSON.stringify`.
 * They are what docs/http-seller.schema.json is generated from, and tests compare them with bodies of real runs. Nothing
 * is checked with them at run time, and no function imports them. A schema that is not the type it stands for does not
 * compile.
 */

/** A value after `JSON.stringify` and `JSON.parse`. */
type Json<T> = T extends string | number | boolean
  ? T
  : T extends Date
    ? string
    : T extends readonly (infer Entry)[]
      ? Json<Entry>[]
      : T extends object
        ? { [Name in keyof T]: Json<T[Name]> }
        : T;

/** The type with no member optional, so that a missing optional one shows. */
type Whole<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer Entry)[]
    ? Whole<Entry>[]
    : { [Name in keyof T]-?: Whole<T[Name]> };

/** True where both types have the same members and take the same values. */
type Same<A, B> = [A, B, Whole<A>, Whole<B>] extends [B, A, Whole<B>, Whole<A>] ? true : false;

/** The name of an event is that of the hook it calls. */
export type SellerEvent =
  | Exclude<keyof Seller, 'demonstration' | 'licenses' | 'tenants' | 'login'>
  | `license${Capitalize<keyof LicenseHooks>}`
  | keyof TenantHooks;

/** Declares the schema of a contract's type; a schema of anything else is an error of compilation. */
const bodyOf =
  <T>() =>
  <S extends v.GenericSchema>(schema: S & (Same<v.InferOutput<S>, Json<T>> extends true ? unknown : never)): S =>
    schema;

const text = v.string();
const optional = v.exactOptional;
const moment = (description: string) => v.pipe(v.string(), v.isoTimestamp(), v.description(description));
/** Text of an open list: the marketplace may add values. */
const oneOf = (...examples: string[]) =>
  v.pipe(v.string(), v.metadata({ description: 'other values may come', examples }));

export const InstanceBody = bodyOf<Instance>()(
  v.object({
    product: text,
    instanceId: v.pipe(v.string(), v.description('the id that the marketplace knows the instance by')),
    orderId: text,
    orderLineId: v.pipe(v.string(), v.description('empty for V1.0 and License 1.0, which know no lines')),
    expiresAt: optional(moment('end of the paid period, approximate until the first renewal')),
    state: v.picklist(['PENDING', 'ACTIVE', 'FROZEN', 'RELEASED', 'FAILED']),
  }),
);

export const OrderBody = bodyOf<Order>()(
  v.object({
    orderId: text,
    orderType: oneOf('NEW', 'TRIAL', 'TRIAL_TO_FORMAL', 'UNSUBSCRIBE', 'RENEW', 'CHANGE'),
    createdAt: optional(moment('when the buyer ordered')),
    line: v.object({
      orderLineId: text,
      chargingMode: oneOf('PERIOD', 'ONE_TIME', 'ON_DEMAND', 'ON_DEMAND_PKG'),
      expiresAt: optional(moment('approximate: act on freeze and release, not on this')),
      periodType: optional(oneOf('year', 'month', 'day')),
      periodNumber: optional(v.number()),
      amount: optional(v.pipe(v.string(), v.description('list amount, a decimal text'))),
      amountAfterDiscount: optional(v.pipe(v.string(), v.description('amount really due, a decimal text'))),
      products: v.array(
        v.object({
          productId: text,
          skuCode: text,
          linearValue: optional(
            v.pipe(v.number(), v.description('bought amount of a linear attribute, such as seats')),
          ),
          productName: optional(text),
        }),
      ),
    }),
    buyer: optional(
      v.object({
        customerId: text,
        customerName: text,
        mobilePhone: optional(text),
        email: optional(text),
        userId: optional(text),
        userName: optional(text),
      }),
    ),
    extendParams: v.array(v.object({ name: text, value: text })),
  }),
);

export const BindingBody = bodyOf<TenantChange['binding']>()(
  v.object({
    product: text,
    tenantId: text,
    instanceId: optional(v.pipe(v.string(), v.description('absent while the seller applies for a credential'))),
  }),
);

export const LicenseCodeBody = bodyOf<LicenseChange['license']>()(
  v.object({
    product: text,
    license: text,
    expiresAt: optional(moment('end of the paid period, as far as a call has said it')),
    state: v.picklist(['ACTIVE', 'FROZEN', 'RELEASED']),
  }),
);

export const DepartmentBody = bodyOf<NonNullable<DepartmentChange['department']>>()(
  v.object({
    orgCode: text,
    orgName: text,
    parentCode: v.pipe(v.string(), v.description('empty at the top')),
  }),
);

const scene = v.picklist(['TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD', 'RENEWAL_CHANGE']);
const newEnd = moment('set the end to this moment; never add to what was there');
const wanted = v.pipe(
  v.picklist(['ACTIVE', 'FROZEN', 'RELEASED']),
  v.description(
    'what the marketplace has asked for last; a release with another than RELEASED cleans up after a failed purchase',
  ),
);
const change = v.object({ instance: InstanceBody, wanted, order: optional(OrderBody) });

const tenantEvent = {
  binding: BindingBody,
  at: moment('when the marketplace signed the call'),
  isTest: v.pipe(v.boolean(), v.description('a debugging call of the seller console')),
};
const action = v.picklist(['added', 'changed', 'removed']);

/** The part of each body that its event brings; `requestOf` adds the rest. */
const CHANGES = {
  provision: bodyOf<Purchase>()(v.object({ instance: InstanceBody, wanted, order: OrderBody })),
  renew: bodyOf<Renewal>()(
    v.object({
      ...change.entries,
      scene,
      expiresAt: newEnd,
      productId: optional(v.pipe(v.string(), v.description('present when the kind of period changes'))),
      renewalOrder: optional(OrderBody),
    }),
  ),
  freeze: bodyOf<Change>()(change),
  unfreeze: bodyOf<Change>()(change),
  upgrade: bodyOf<Upgrade>()(v.object({ ...change.entries, upgradeOrder: OrderBody })),
  release: bodyOf<Change>()(change),
  canChange: bodyOf<ChangeQuestion>()(
    v.object({
      instance: InstanceBody,
      target: v.object({
        productId: optional(text),
        skuCode: optional(text),
        linearValue: optional(v.number()),
        productName: optional(text),
      }),
    }),
  ),
  usage: bodyOf<UsageQuestion>()(
    v.object({
      product: text,
      instances: v.array(
        v.object({ instance: InstanceBody, chargingMode: v.picklist(['ON_DEMAND', 'ON_DEMAND_PKG']) }),
      ),
    }),
  ),
  issueLicense: bodyOf<LicenseApplication>()(
    v.object({
      instance: InstanceBody,
      order: optional(OrderBody),
      eventId: text,
      effectiveAt: moment('from when the license is to hold'),
      expiresAt: optional(moment('until when; absent for a license without end')),
      deviceFingerprint: optional(text),
    }),
  ),
  applyApikey: bodyOf<ApikeyApplication>()(
    v.object({
      product: text,
      customerId: text,
      customerName: optional(v.pipe(v.string(), v.description('may change'))),
    }),
  ),
  erase: bodyOf<Erasure>()(
    v.object({
      product: text,
      customerId: v.pipe(v.string(), v.description("the customer's account with the marketplace")),
      instanceIds: v.pipe(v.array(text), v.description('instances that were theirs; none of them is sold any more')),
    }),
  ),
  licenseRenewed: bodyOf<LicenseRenewal>()(
    v.object({
      license: LicenseCodeBody,
      scene,
      expiresAt: newEnd,
      orderId: text,
      orderLineId: text,
      productId: optional(text),
    }),
  ),
  licenseFrozen: bodyOf<LicenseChange>()(v.object({ license: LicenseCodeBody })),
  licenseUnfrozen: bodyOf<LicenseChange>()(v.object({ license: LicenseCodeBody })),
  licenseReleased: bodyOf<LicenseChange>()(v.object({ license: LicenseCodeBody })),
  orderNotified: bodyOf<OrderNotice>()(v.object({ product: text, order: OrderBody })),
  tenantChanged: bodyOf<TenantChange>()(
    v.object({
      ...tenantEvent,
      action,
      tenant: optional(v.object({ name: text, tenantCode: text, domainName: text, orderId: optional(text) })),
    }),
  ),
  applicationChanged: bodyOf<ApplicationChange>()(
    v.object({
      ...tenantEvent,
      action,
      appId: text,
      client: optional(v.object({ clientId: text, clientSecret: text })),
    }),
  ),
  userChanged: bodyOf<UserChange>()(
    v.object({
      ...tenantEvent,
      action: v.picklist(['added', 'changed', 'removed', 'withdrawn']),
      appId: text,
      userName: v.pipe(v.string(), v.description('unique within a tenant alone')),
      user: optional(
        v.object({
          name: optional(text),
          orgCode: optional(text),
          position: optional(text),
          employeeCode: optional(text),
          employeeType: optional(v.number()),
          role: oneOf('user', 'admin'),
          enable: v.boolean(),
          mobile: optional(text),
          email: optional(text),
          workPlace: optional(text),
          entryDate: optional(text),
          extension: optional(v.record(v.string(), v.unknown())),
        }),
      ),
    }),
  ),
  departmentChanged: bodyOf<DepartmentChange>()(
    v.object({ ...tenantEvent, action, orgCode: text, department: optional(DepartmentBody) }),
  ),
  departmentsReplaced: bodyOf<DepartmentsReplaced>()(
    v.object({ ...tenantEvent, departments: v.array(DepartmentBody) }),
  ),
} as const satisfies Record<SellerEvent, v.ObjectSchema<v.ObjectEntries, undefined>>;

/** The whole body of each event. Members may be added: whoever reads them ignores what is unknown. */
export const REQUESTS = Object.fromEntries(
  Object.entries(CHANGES).map(([event, { entries }]) => [event, requestOf(event, entries)]),
) as Readonly<Record<SellerEvent, ReturnType<typeof requestOf>>>;

function requestOf(event: string, entries: v.ObjectEntries) {
  return v.object({
    event: v.literal(event),
    ...entries,
    attempt: v.pipe(v.number(), v.integer(), v.minValue(1), v.description('1 for the first attempt')),
    sentAt: moment('when this attempt began'),
  });
}
