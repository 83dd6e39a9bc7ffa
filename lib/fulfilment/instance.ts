import type { InstanceItem } from '../instances/item.ts';
import type { Instance } from '../seller/contract.ts';

/** An instance as the seller's code sees it. */
export function toInstance(item: InstanceItem): Instance {
  const { product, instanceId, orderId, orderLineId, expiresAt, state } = item;
  return {
    product,
    instanceId,
    orderId,
    orderLineId,
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }),
    state,
  };
}
