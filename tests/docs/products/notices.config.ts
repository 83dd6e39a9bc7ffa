import { defineConfig, sellerWithoutInstances } from 'koogate';

const seller = sellerWithoutInstances({
  /** Opens one ticket an order line. The notes stand for a ticket system of your own. */
  async orderNotified({ order }, { notes }) {
    const { orderType, line } = order;
    await notes.create(`ticket-${line.orderLineId}`, { orderType, sku: line.products[0]?.skuCode ?? '' });
  },
});

export default defineConfig({
  service: 'acme',
  products: { training: { seller, families: ['order-notify'] } },
  stages: { prod: { region: 'ap-southeast-1', receivers: ['ops'] } },
});
