import { defineProducts, type Product, type ProductSettings } from '../../lib/config.ts';

/** Products as a seller's settings hold them: ready-made, or as they are handed to `defineProducts`. */
export type TestProducts = ReadonlyMap<string, Product> | Readonly<Record<string, ProductSettings>>;

/** Completes the products of a test; the one place that knows in which forms they come. @throws Error naming the setting */
export function toProducts(given: TestProducts): ReadonlyMap<string, Product> {
  return Symbol.iterator in given ? (given as ReadonlyMap<string, Product>) : defineProducts(given);
}

/** The product of that name, or the first. @throws Error listing the products there are */
export function chosen(products: ReadonlyMap<string, Product>, name: string | undefined): Product {
  const product = name === undefined ? products.values().next().value : products.get(name);
  if (product !== undefined) return product;
  throw new Error(`There is no product "${name ?? ''}": there are ${[...products.keys()].join(', ')}.`);
}
