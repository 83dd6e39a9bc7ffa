import { randomUUID } from 'node:crypto';
import { activityOf } from '../../marketplace/calls/families.ts';
import { type Charging, freshOrderId, type Subject } from '../../marketplace/calls/subject.ts';
import type { OrderDraft } from '../../marketplace/stand-in/order-traits.ts';
import { codeOf } from '../certify/finding.ts';
import type { Exchange } from '../conversation.ts';

/** A purchase in the life of a product. */
export interface Purchase {
  readonly number: number;
  subject: Partial<Subject>;
  /** Set when the order failed: nothing more happens to it. */
  over: boolean;
  /** Content of the purchase so far, by its orders. */
  bought?: OrderDraft;
  /** The purchase that the same buyer made and gave back before. */
  readonly before?: Purchase;
}

/** Tells whether an answer contents the marketplace. */
export function isGood(exchange: Exchange): boolean {
  return activityOf(exchange.family, exchange.activity).codes.includes(codeOf(exchange)) && exchange.judgement.passed;
}

/** Subject that nobody has bought before. */
export function newPurchase(number: number, charging: Charging): Purchase {
  const orderId = `${freshOrderId(Date.now(), 'LIFE')}${number}`;
  const subject = {
    test: false,
    charging,
    orderId,
    orderLineId: `${orderId}-000001`,
    customerId: `customer-${orderId}`,
    license: `LIC-${orderId}`,
    tenantId: `t-${orderId}`,
    eventId: randomUUID(),
  };
  return { number, subject, over: false };
}
