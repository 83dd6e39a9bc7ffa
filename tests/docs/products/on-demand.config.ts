import { defineConfig, type HookContext, type Instance, type Seller } from 'koogate';

/** What a meter of yours knows of an instance. The notes stand for a database of your own. */
interface Meter {
  readonly open: boolean;
  readonly used: number;
  readonly keys: readonly string[];
}

/** Makes a change once a key, and only to what is there. */
async function change({ instanceId }: Instance, part: Partial<Meter>, { notes, idempotencyKey }: HookContext) {
  const kept = (await notes.get(instanceId)) as Meter | undefined;
  if (kept === undefined || kept.keys.includes(idempotencyKey)) return;
  await notes.put(instanceId, { ...kept, ...part, keys: [...kept.keys, idempotencyKey] });
}

const seller: Seller = {
  async provision({ instance }, { notes }) {
    await notes.create(instance.instanceId, { open: true, used: 0, keys: [] } satisfies Meter);
    return { access: { frontEndUrl: 'https://sms.acme.example.com', userName: instance.instanceId } };
  },
  freeze: ({ instance }, context) => change(instance, { open: false }, context),
  unfreeze: ({ instance }, context) => change(instance, { open: true }, context),
  release: ({ instance }, { notes }) => notes.delete(instance.instanceId),
  async renew() {}, // there is no paid period: nothing to do
  upgrade: async () => ({ failed: { reason: 'What is used is paid; there is nothing to upgrade.' } }),
  async usage({ instances }, { notes }) {
    const usage = instances.map(async ({ instance: { instanceId } }) => {
      const meter = (await notes.get(instanceId)) as Meter | undefined;
      return { instanceId, value: meter?.used ?? 0 }; // everything since the purchase
    });
    return { usage: await Promise.all(usage) };
  },
};

export default defineConfig({
  service: 'acme',
  products: { sms: { seller, onDemand: true, dashboardUrl: 'https://sms.acme.example.com/usage/{instanceId}' } },
  stages: { prod: { host: 'server', region: 'cn-north-4', receivers: ['ops'] } },
});
