import type { Order } from '../seller/contract.ts';
import { createOpenApis, type OpenApiOptions } from './open-api.ts';
import { queryOrder } from './query-order.ts';

export { MarketplaceError, OrderQueryError } from './error.ts';
export type { OpenApiOptions as MarketplaceOptions } from './open-api.ts';
export { SITES, type Site } from './sites.ts';

/** The calls that a seller makes to the marketplace. */
export interface Marketplace {
  /** Reads one order; without `orderLineId` with its first line. @throws OrderQueryError */
  queryOrder(orderId: string, orderLineId?: string, signal?: AbortSignal): Promise<Order>;
}

/** Connects the calls with one client. @throws Error naming the setting if an address is not https */
export function createMarketplace(options: OpenApiOptions): Marketplace {
  const openApis = createOpenApis(options);
  return {
    queryOrder: (orderId, orderLineId, signal) => queryOrder(openApis, orderId, orderLineId, signal),
  };
}
