import type { Product } from '../../lib/config/products.ts';
import type { HookContext, Seller } from '../../lib/seller/contract.ts';
import { httpSeller } from '../../lib/seller/http.ts';

/**
 * Gives the code that carries out a product's changes in a test: the seller's own, or the backend that the product names.
 * @param secret what calls of a backend are signed with, `whsec_…`
 * @throws Error if a backend is named and no secret
 */
export function sellerFor(product: Product, secret: string | undefined): Seller {
  if (product.backend === undefined) return product.seller;
  if (secret === undefined) {
    throw new Error(
      `Product "${product.name}" has a backend (${product.backend}): give createTestShop the sellerSecret that the ` +
        'backend was started with.',
    );
  }
  return withMachineClock(httpSeller({ url: product.backend, secret: async () => secret }));
}

/** Signs with the machine's clock, whatever the test's says: the backend holds the signed time against its own. */
function withMachineClock<Hooks extends object>(hooks: Hooks): Hooks {
  const wrapped = Object.entries(hooks).map(([name, hook]) => [
    name,
    typeof hook === 'function'
      ? (change: unknown, context: HookContext) => hook.call(hooks, change, { ...context, now: new Date() })
      : withMachineClock(hook),
  ]);
  return Object.fromEntries(wrapped);
}
