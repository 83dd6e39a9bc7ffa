import { createHmac } from 'node:crypto';
import { defineConfig, type Seller } from 'koogate';

/** Belongs to products with instances; the marketplace never asks for it here. */
const noInstances = async () => ({ failed: { reason: 'Models are called with a key and have no instances.' } });

const seller: Seller = {
  provision: noInstances,
  renew: noInstances,
  upgrade: noInstances,
  freeze: noInstances,
  unfreeze: noInstances,
  release: noInstances,
  /** The key is made of the customer and a secret, so that the model's server can check it without a list. */
  async applyApikey({ customerId }, { secret }) {
    const proof = createHmac('sha256', await secret('model-key'))
      .update(customerId)
      .digest('base64url');
    return { apikey: `sk-${Buffer.from(customerId).toString('base64url')}-${proof}` };
  },
};

export default defineConfig({
  service: 'acme',
  products: { models: { seller, families: ['maas'] } },
  stages: { prod: { host: 'server', region: 'cn-north-4', receivers: ['ops'] } },
});
