import { createHmac } from 'node:crypto';
import type { Seller } from '../../../lib/seller/contract.ts';
import { demoSeller } from './demo.ts';

/** Name of the seller's secret that the keys of customers are made with. */
export const MODEL_KEY = 'model-key';

/**
 * A seller of models, to copy from. A customer's key is made of the customer and a secret, so nothing needs to be kept:
 * the same customer is given the same key however often it is asked for, and the model's server checks a key by making it.
 */
export const demoModelSeller: Seller = {
  ...demoSeller,

  async applyApikey({ customerId }, { secret }) {
    return { apikey: customerKey(customerId, await secret(MODEL_KEY)) };
  },
};

/** The key of a customer: who it is, and the proof. */
export function customerKey(customerId: string, secret: string): string {
  const customer = Buffer.from(customerId).toString('base64url');
  return `sk-${customer}-${createHmac('sha256', secret).update(customerId).digest('base64url')}`;
}
