import type { Product } from '../../lib/config/products.ts';
import type { CarriedOut } from '../../lib/fulfilment/inline.ts';
import type { LicenseRequest } from '../../lib/fulfilment/verdict.ts';
import type { Key } from '../../lib/instances/keys.ts';
import type { ApplicationItem } from '../../lib/instances/license-item.ts';
import type { Log } from '../../lib/log.ts';
import type { Answer } from '../../lib/middleware/route.ts';
import type { AskedOrder } from '../../lib/open-api/query-order.ts';
import type { Call } from '../../lib/protocol/call.ts';
import type { Sealer } from '../../lib/sealing/sealer.ts';
import type { Order, Seller } from '../../lib/seller/contract.ts';
import type { Table } from '../../lib/table/table.ts';

/** Dependencies that an activity may use. */
export interface ActivityTools {
  readonly table: Table;
  readonly sealer: Sealer;
  sellerOf(product: Product): Seller;
  /**
   * Carries out a purchase whose item this call holds the lease of, for at most `budget` milliseconds.
   * `order` is what the call told of it, if it did. `pending` if the seller's code was not done by then: the lease is given back and fulfilment takes over.
   */
  fulfilInline(
    product: Product,
    instanceId: string,
    lease: { owner: string; until: number },
    budget: number,
    order?: Order,
  ): Promise<CarriedOut | 'pending'>;
  /** Issues the licence that a device applied for, in the same way. */
  issueInline(
    product: Product,
    key: Key,
    lease: { owner: string; until: number },
    budget: number,
    request: LicenseRequest,
  ): Promise<ApplicationItem | 'pending'>;
  /** An order as the product's site has it. An error whose `permanent` is true says that it will never be shown. */
  queryOrder(asked: AskedOrder, signal?: AbortSignal): Promise<Order>;
  /** A secret of the seller's own, for its hooks. */
  sellerSecret(name: string): Promise<string>;
  readonly log: Log;
  /**
   * Opens a client secret that the Kit sent.
   * @throws Refusal 000101 if none of the product's private keys opens it
   */
  openClientSecret(product: Product, cipherText: string): Promise<string>;
  clock(): number;
  newToken(): string;
}

/** Context of the call at hand, as an activity sees it. */
export interface ActivityContext {
  readonly product: Product;
  /** When the gateway took the call, Unix milliseconds. */
  readonly receivedAt: number;
  /** Aborted when the call's time is up. */
  readonly signal: AbortSignal;
}

/**
 * One call of the marketplace, carried out: at most one conditional write is made. The message is checked and typed, in
 * the terms of V2.0 whatever the family.
 * @throws Refusal
 */
export type Activity<Message> = (
  message: Message,
  call: Call,
  tools: ActivityTools,
  context: ActivityContext,
) => Promise<Answer>;

/** An activity together with what reads its message from the call. @throws Refusal */
export type CallHandler = (call: Call, tools: ActivityTools, context: ActivityContext) => Promise<Answer>;
