import { defineConfig, type Seller } from 'koogate';

/** Sets a change aside, with an alarm: nothing of the kind is sold. */
const neverSold = async () => ({ failed: { reason: 'A report is bought once, and does not change.' } });

const seller: Seller = {
  async provision({ instance, order }, { notes }) {
    const { skuCode } = order.line.products[0] ?? {};
    if (skuCode === undefined) return { refused: { resultCode: '000104', resultMsg: 'The order names no report.' } };
    await notes.create(instance.instanceId, { report: skuCode });
    return { access: { frontEndUrl: `https://reports.acme.example.com/${instance.instanceId}` } };
  },
  release: ({ instance }, { notes }) => notes.delete(instance.instanceId),
  renew: neverSold,
  upgrade: neverSold,
  freeze: neverSold,
  unfreeze: neverSold,
};

export default defineConfig({
  service: 'acme',
  products: { report: { seller, fulfilment: 'inline' } },
  stages: { prod: { host: 'server', region: 'cn-north-4', receivers: ['ops'] } },
});
