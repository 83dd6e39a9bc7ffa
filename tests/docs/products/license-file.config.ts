import { createPrivateKey, sign } from 'node:crypto';
import { defineConfig, type Seller } from 'koogate';

const nothingToDo = async () => {};

const seller: Seller = {
  provision: async () => ({}), // the file is all there is
  /** A file of lines, and its signature below them. */
  async issueLicense({ instance, expiresAt }, { secret }) {
    const grant = `instance=${instance.instanceId}\nuntil=${expiresAt?.toISOString() ?? 'for ever'}\n`;
    const signature = sign(null, Buffer.from(grant), createPrivateKey(await secret('license-key'))); // Ed25519
    return { file: { name: 'acme.lic', content: Buffer.from(`${grant}signature=${signature.toString('base64')}\n`) } };
  },
  renew: nothingToDo, // another file is applied for
  freeze: nothingToDo, // a file cannot be taken back: let it end with the period
  unfreeze: nothingToDo,
  release: nothingToDo,
  upgrade: async () => ({ failed: { reason: 'The interface knows no upgrade.' } }),
};

export default defineConfig({
  service: 'acme',
  products: { plugin: { seller, families: ['license-online', 'order-notify'] } },
  stages: { prod: { region: 'ap-southeast-1', receivers: ['ops'] } },
});
