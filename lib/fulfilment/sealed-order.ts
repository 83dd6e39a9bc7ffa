import * as v from 'valibot';
import type { SealedAt, Sealer } from '../sealing/sealer.ts';
import type { Order } from '../seller/contract.ts';

/** Dates are texts once an order has been sealed. */
const SealedOrder = v.looseObject({
  createdAt: v.optional(v.string()),
  line: v.looseObject({ expiresAt: v.optional(v.string()) }),
});

/** Opens the order that an item keeps sealed. @throws Error if no key opens it, or what is inside is not an order */
export async function openOrder(sealer: Sealer, sealed: string, at: SealedAt): Promise<Order> {
  const order = v.parse(SealedOrder, await sealer.open('personal', sealed, at));
  return {
    ...order,
    ...dated('createdAt', order),
    line: { ...order.line, ...dated('expiresAt', order.line) },
  } as Order;
}

function dated<Name extends string>(
  name: Name,
  from: { readonly [K in Name]?: string | undefined },
): { [K in Name]?: Date } {
  const text = from[name];
  return (text === undefined ? {} : { [name]: new Date(text) }) as { [K in Name]?: Date };
}
