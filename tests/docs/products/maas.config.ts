import { createHmac } from 'node:crypto';
import { defineConfig, sellerWithoutInstances } from 'koogate';

const seller = sellerWithoutInstances({
  /** The key is made of the customer and a secret, so that the model's server can check it without a list. */
  async applyApikey({ customerId }, { secret }) {
    const proof = createHmac('sha256', await secret('model-key'))
      .update(customerId)
      .digest('base64url');
    return { apikey: `sk-${Buffer.from(customerId).toString('base64url')}-${proof}` };
  },
});

export default defineConfig({
  service: 'acme',
  products: { models: { seller, families: ['maas'] } },
  stages: { prod: { host: 'server', region: 'cn-north-4', receivers: ['ops'] } },
});
