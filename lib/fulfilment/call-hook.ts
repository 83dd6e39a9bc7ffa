import type { Product } from '../config/products.ts';
import { createNotes } from '../instances/notes.ts';
import type { Hold, OutboxItem } from '../instances/outbox.ts';
import type { HookContext, Seller } from '../seller/contract.ts';
import type { FulfilDependencies } from './dependencies.ts';
import type { Given } from './verdict.ts';
import { TimeUp, within } from './within.ts';

/** One attempt at the change of a hold. */
export interface Task<Item extends OutboxItem = OutboxItem> {
  readonly deps: FulfilDependencies;
  readonly product: Product;
  readonly item: Item;
  readonly hold: Hold;
  readonly given: Given;
  /** Ends the attempt from outside. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Calls a hook of the seller's within the product's time; a worker that stalled past its hold no longer calls it, since
 * another may be at work by then. @throws TimeUp, or what the hook throws
 */
export async function callHook(
  { deps, product, item, hold, signal }: Task,
  hook: string,
  ask: (seller: Seller, context: HookContext) => Promise<unknown> | undefined,
): Promise<unknown> {
  if (deps.clock() > hold.until) throw new TimeUp(`The hold ended before ${hook} could be called.`);
  const seller = deps.sellerOf(product);
  const context = {
    idempotencyKey: hold.change.id,
    attempt: item.attempts,
    now: new Date(deps.clock()),
    notes: createNotes(deps.table, product.id, deps.newToken),
    secret: deps.sellerSecret,
  };
  return within(product.hookTimeout, hook, (inner) => ask(seller, { ...context, signal: inner }), signal);
}
