import type { Order } from '../seller/contract.ts';

/** The order as far as it is about one product of its line; the whole order where that product is not shown, or none is meant. */
export function ofProduct(order: Order, productId: string | undefined): Order {
  const products = order.line.products.filter((product) => product.productId === productId);
  return products.length === 0 ? order : { ...order, line: { ...order.line, products } };
}
