import { deriveUuid } from '../instance-id.ts';

/**
 * The id of the instance that a V1.0 order buys: the same order always yields the same id. On-demand products and
 * packages share an order and are told apart by `productId`; whether a product is one is its configuration's to say,
 * since other products may carry another `productId` in a later delivery.
 * Source: https://support.huaweicloud.com/accessg-marketplace/saas_topic_0000001.html
 */
export function deriveOrderInstanceId(product: string, orderId: string, onDemandProductId?: string): string {
  return deriveUuid(onDemandProductId === undefined ? [product, orderId] : [product, orderId, onDemandProductId]);
}
