import type { Instance } from './contract.ts';

/** Somebody looks at what was used: on-demand instances and packages of one product. */
export interface UsageQuestion {
  readonly product: string;
  /** At most 100. */
  readonly instances: readonly MeteredInstance[];
}

/** An instance that is charged by usage. */
export interface MeteredInstance {
  readonly instance: Instance;
  /** `ON_DEMAND_PKG` is a package of usage that was paid in advance. */
  readonly chargingMode: 'ON_DEMAND' | 'ON_DEMAND_PKG';
}

/** Amounts used by now. For instances that are not named the marketplace is shown what it was pushed. */
export interface UsageAnswer {
  readonly usage: readonly UsedAmount[];
}

/** Amount that one instance has used; for a package one entry for each of its billing items. */
export interface UsedAmount {
  /** The instance that was asked about. */
  readonly instanceId: string;
  /** Of a package: the on-demand instance that used it. */
  readonly relatedInstanceId?: string;
  /** On-demand: everything used since the purchase; package: what is used up. At least 0, at most four decimals. */
  readonly value: number | string;
  /** Moment that the value is true of; now, unless given. */
  readonly at?: Date;
  /** Page with the details, https, at most 512 characters. */
  readonly dashboardUrl?: string;
}
