import { defineProducts, type Product, type ProductSettings, type Products } from '../../lib/config/products.ts';

/** Products as a seller's settings hold them: those of `defineConfig`, or as they are handed to it. */
export type TestProducts = Products | Readonly<Record<string, ProductSettings>>;

/** Completes the products of a test; the one place that knows in which forms they come. @throws Error naming the setting */
export function toProducts(given: TestProducts): Products {
  return Symbol.iterator in given ? (given as Products) : defineProducts(given);
}

/** The product of that name or id, or the first. @throws Error listing the products there are */
export function chosen(products: Products, name: string | undefined): Product {
  const all = [...products.values()];
  const product = name === undefined ? all[0] : (all.find((one) => one.name === name) ?? products.get(name));
  if (product !== undefined) return product;
  throw new Error(`There is no product "${name ?? ''}": there are ${all.map((one) => one.name).join(', ')}.`);
}
