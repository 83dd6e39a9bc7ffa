import type { Charging } from '../../marketplace/calls/subject.ts';
import { utcSeconds } from '../../marketplace/protocol/times.ts';
import type { OrderDraft } from '../../marketplace/stand-in/order-traits.ts';
import type { Step } from './script.ts';

/* The orders of a life. A renewal and an upgrade say what changed; a refund gives back what was paid. */

/** Contents of a life's orders, where they are not the usual ones. */
export interface LifeOrders {
  readonly purchase?: OrderDraft;
  readonly upgrade?: OrderDraft;
  readonly renewal?: OrderDraft;
}

const USUAL: OrderDraft = {
  skuCode: 'demo-sku-small',
  linearValue: 10,
  amount: '1000',
  amountAfterDiscount: '900',
};

const MODES: Readonly<Record<Charging, OrderDraft['chargingMode']>> = {
  period: 'PERIOD',
  trial: 'PERIOD',
  once: 'ONE_TIME',
  'on-demand': 'ON_DEMAND',
  package: 'ON_DEMAND_PKG',
};

const SCENES: Readonly<Record<string, OrderDraft['orderType']>> = {
  RENEWAL: 'RENEW',
  RENEWAL_CHANGE: 'CHANGE',
  TRIAL_TO_FORMAL: 'TRIAL_TO_FORMAL',
  UNSUBSCRIBE_RENEWAL_PERIOD: 'UNSUBSCRIBE',
};

/**
 * The order behind a step.
 * @param current what the purchase consists of so far
 * @param expiresAt end of the paid period, Unix milliseconds
 */
export function orderOf(
  step: Pick<Step, 'activity' | 'members'>,
  current: OrderDraft | undefined,
  given: LifeOrders,
  charging: Charging,
  expiresAt: number | undefined,
): OrderDraft {
  const ends = expiresAt === undefined ? {} : { expireTime: utcSeconds(expiresAt) };
  const bought = current ?? { ...USUAL, ...given.purchase, chargingMode: MODES[charging] };
  if (step.activity === 'newInstance') return { ...bought, orderType: charging === 'trial' ? 'TRIAL' : 'NEW', ...ends };
  if (step.activity.startsWith('upgrade')) {
    const larger = { skuCode: 'demo-sku-large', linearValue: (bought.linearValue ?? 10) * 2 };
    return { ...bought, ...(given.upgrade ?? larger), orderType: 'CHANGE' };
  }
  if (step.activity === 'refreshInstance') {
    const orderType = SCENES[String(step.members?.scene)] ?? 'RENEW';
    return { ...bought, ...given.renewal, orderType, ...ends };
  }
  return { ...bought, orderType: 'UNSUBSCRIBE' };
}
