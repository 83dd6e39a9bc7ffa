import { randomBytes, randomUUID } from 'node:crypto';

export const CHARGING = ['period', 'once', 'on-demand', 'package', 'trial'] as const;

/** Charging mode of a product; decides the mock order of a debugging call and which interfaces matter. */
export type Charging = (typeof CHARGING)[number];

/**
 * The orders that the marketplace keeps for debugging calls.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649466.html
 */
export const MOCK_ORDERS = {
  period: 'MOCKPERIODYEARNEW',
  once: 'MOCKONETIMENEW',
  'on-demand': 'MOCKONDEMAND',
  package: 'MOCKONDEMANDPKG',
  trial: 'MOCKPERIODDAYTRIAL',
  toFormal: 'MOCKMONTYTRIALTOFORMAL',
  unsubscribe: 'MOCKMONTYUNSUBSCRIBE',
  renew: 'MOCKMONTYRENEW',
  change: 'MOCKMONTYCHANGE',
} as const;

/** Facts that a call is about; the activities pick from them what they send. */
export interface Subject {
  /** A debugging call: `testFlag` 1. */
  readonly test: boolean;
  readonly charging: Charging;
  /** Unix milliseconds. */
  readonly now: number;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly businessId: string;
  readonly instanceId: string;
  readonly productId: string;
  readonly skuCode: string;
  readonly customerId: string;
  readonly expiresAt: number;
  readonly license: string;
  readonly eventId: string;
  readonly tenantId: string;
  /** Encrypts a personal value of V1.0 as the marketplace does. */
  readonly seal: (plain: string) => string;
  /** Encrypts the Kit's client secret with the seller's public key. */
  readonly sealSecret: (plain: string) => string;
}

const YEAR = 365 * 24 * 3_600_000;

/** A subject nobody has heard of before. `given` overrides; an order line follows its order. */
export function newSubject(given: Partial<Subject> = {}): Subject {
  const now = given.now ?? Date.now();
  const test = given.test ?? true;
  const charging = given.charging ?? 'period';
  const orderId = given.orderId ?? (test ? MOCK_ORDERS[charging] : freshOrderId(now));
  const plain = (text: string) => text;
  return {
    test,
    charging,
    now,
    orderId,
    orderLineId: `${orderId}-000001`,
    businessId: randomUUID(),
    instanceId: randomUUID(),
    productId: 'OFFI000000000000000001',
    skuCode: '00301-666666-0--0',
    customerId: randomBytes(16).toString('hex'),
    expiresAt: now + YEAR,
    license: `LIC-${freshDigits()}`,
    eventId: randomUUID(),
    tenantId: `t-${freshDigits()}`,
    seal: plain,
    sealSecret: plain,
    ...given,
  };
}

/** Beginnings of the order ids of `chaos` and `simulate life`: by them their purchases are told from other ones. */
const REHEARSALS = ['CHAOS', 'LIFE'] as const;

const REHEARSAL_ORDER = new RegExp(`^(?:${REHEARSALS.join('|')})\\d{10}`);

/** True of an order that a rehearsal command made up. */
export function isRehearsal(orderId: string | undefined): boolean {
  return orderId !== undefined && REHEARSAL_ORDER.test(orderId);
}

/** An order id in the marketplace's style: CS, the moment in Beijing time, eight letters or digits. */
export function freshOrderId(now: number, prefix: 'CS' | (typeof REHEARSALS)[number] = 'CS'): string {
  const moment = new Date(now + 8 * 3_600_000).toISOString().replaceAll(/\D/g, '').slice(2, 12);
  return `${prefix}${moment}${freshDigits().slice(0, 8)}`;
}

function freshDigits(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}
