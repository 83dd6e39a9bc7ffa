import { defineConfig, type Seller } from 'koogate';

/** Belongs to products with instances; the marketplace never asks for it here. */
const noInstances = async () => ({ failed: { reason: 'This product is delivered by people.' } });

const seller: Seller = {
  provision: noInstances,
  renew: noInstances,
  upgrade: noInstances,
  freeze: noInstances,
  unfreeze: noInstances,
  release: noInstances,
  /** Opens one ticket an order line. The notes stand for a ticket system of your own. */
  async orderNotified({ order }, { notes }) {
    const { orderType, line } = order;
    await notes.create(`ticket-${line.orderLineId}`, { orderType, sku: line.products[0]?.skuCode ?? '' });
  },
};

export default defineConfig({
  service: 'acme',
  products: { training: { seller, families: ['order-notify'] } },
  stages: { prod: { region: 'ap-southeast-1', receivers: ['ops'] } },
});
