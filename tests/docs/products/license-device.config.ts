import { createPrivateKey, sign } from 'node:crypto';
import { defineConfig, type HookContext, type Instance, type Seller } from 'koogate';

/** What was bought, with the keys of its changes. The notes stand for a database of your own. */
interface Bought {
  readonly open: boolean;
  readonly keys: readonly string[];
}

/** Makes a change once a key, and only to what is there. */
async function change({ instanceId }: Instance, part: Partial<Bought>, { notes, idempotencyKey }: HookContext) {
  const kept = (await notes.get(instanceId)) as Bought | undefined;
  if (kept === undefined || kept.keys.includes(idempotencyKey)) return;
  await notes.put(instanceId, { ...kept, ...part, keys: [...kept.keys, idempotencyKey] });
}

const seller: Seller = {
  async provision({ instance }, { notes }) {
    await notes.create(instance.instanceId, { open: true, keys: [] } satisfies Bought);
    return {}; // the license is all there is
  },
  /** Signs what is granted: the same facts give the same text, so a repeated attempt makes no second license. */
  async issueLicense({ instance, deviceFingerprint, expiresAt }, { secret }) {
    if (deviceFingerprint === undefined) return { refused: { resultCode: '000903' } };
    const grant = JSON.stringify({ instance: instance.instanceId, device: deviceFingerprint, until: expiresAt });
    const signature = sign(null, Buffer.from(grant), createPrivateKey(await secret('license-key'))); // Ed25519
    return { license: `${Buffer.from(grant).toString('base64url')}.${signature.toString('base64url')}` };
  },
  async renew() {}, // the device applies again for a license with the new end
  freeze: ({ instance }, context) => change(instance, { open: false }, context),
  unfreeze: ({ instance }, context) => change(instance, { open: true }, context),
  release: ({ instance }, { notes }) => notes.delete(instance.instanceId),
  upgrade: async () => ({ failed: { reason: 'The interface knows no upgrade.' } }),
};

export default defineConfig({
  service: 'acme',
  products: { cad: { seller, families: ['license-online', 'order-notify'] } },
  stages: { prod: { region: 'ap-southeast-1', receivers: ['ops'] } },
});
