/**
 * Tests for sellers: plays the marketplace against your own hooks, in process and without a network, and checks that the
 * hooks stand being called late, twice and out of order.
 */

export {
  type CheckOptions,
  checkHooks,
  type HookReport,
  standsAnyOrder,
  standsLateCalls,
  standsRepetition,
} from './checks/check-hooks.ts';
export type { Disturbance } from './checks/finding.ts';
export type { Language } from './checks/messages.ts';
export type { Observe, Observed } from './checks/run.ts';
export type { HookCall } from './hook-calls.ts';
export type {
  Application,
  BuyAnswer,
  OrderAnswer,
  PermissionAnswer,
  QueryAnswer,
  RenewalDetails,
  SubscriptionAnswer,
  TestMarketplace,
} from './marketplace.ts';
export type { OrderBook, OrderDetails } from './order-book.ts';
export type { MarketplaceAnswer } from './product-client.ts';
export type { TestProducts } from './products.ts';
export { createTestShop, type DeliveredLicense, type LogEntry, type TestShop, type TestShopOptions } from './shop.ts';
