import type { Product } from '../../lib/config.ts';
import type { Answer } from '../../lib/middleware/route.ts';
import type { Call } from '../../lib/protocol/call.ts';
import type { Sealer } from '../../lib/sealing.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import type { Table } from '../../lib/table.ts';

/** What an activity may use. */
export interface ActivityTools {
  readonly table: Table;
  readonly sealer: Sealer;
  sellerOf(product: Product): Seller;
  /**
   * Carries out a purchase whose item this call holds the lease of, for at most `budget` milliseconds.
   * `pending` if the seller's code was not done by then: the lease is given back and fulfilment takes over.
   */
  fulfilInline(
    product: Product,
    instanceId: string,
    lease: { owner: string; until: number },
    budget: number,
  ): Promise<Answer | 'pending'>;
  /**
   * Opens a client secret that the Kit sent.
   * @throws Refusal 000101 if none of the product's private keys opens it
   */
  openClientSecret(product: Product, cipherText: string): Promise<string>;
  clock(): number;
  newToken(): string;
}

/** What an activity knows of the call at hand. */
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
