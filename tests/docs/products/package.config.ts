import { defineConfig, type HookContext, type Instance, type Seller } from 'koogate';

/** What is kept of an instance: the meter, or a package that it uses up. */
interface Kept {
  readonly customerId: string;
  readonly isPackage: boolean;
  readonly open: boolean;
  readonly used: number;
  readonly keys: readonly string[];
}

/** Makes a change once a key, and only to what is there. */
async function change({ instanceId }: Instance, part: Partial<Kept>, { notes, idempotencyKey }: HookContext) {
  const kept = (await notes.get(instanceId)) as Kept | undefined;
  if (kept === undefined || kept.keys.includes(idempotencyKey)) return;
  await notes.put(instanceId, { ...kept, ...part, keys: [...kept.keys, idempotencyKey] });
}

const seller: Seller = {
  async provision({ instance: { instanceId }, order }, { notes }) {
    const customerId = order.buyer?.customerId ?? '';
    const isPackage = order.line.chargingMode === 'ON_DEMAND_PKG';
    await notes.create(instanceId, { customerId, isPackage, open: true, used: 0, keys: [] } satisfies Kept);
    if (!isPackage) await notes.put(`meter-of-${customerId}`, instanceId); // the instance that packages are used by
    return { access: { frontEndUrl: 'https://sms.acme.example.com', userName: customerId } };
  },
  freeze: ({ instance }, context) => change(instance, { open: false }, context),
  unfreeze: ({ instance }, context) => change(instance, { open: true }, context),
  release: ({ instance }, { notes }) => notes.delete(instance.instanceId),
  async renew() {}, // a package that is bought again is another instance
  upgrade: async () => ({ failed: { reason: 'Packages are bought anew, not upgraded.' } }),
  async usage({ instances }, { notes }) {
    const usage = instances.map(async ({ instance: { instanceId }, chargingMode }) => {
      const kept = (await notes.get(instanceId)) as Kept | undefined;
      const meter = await notes.get(`meter-of-${kept?.customerId}`);
      const related = chargingMode === 'ON_DEMAND_PKG' && typeof meter === 'string' ? { relatedInstanceId: meter } : {};
      return { instanceId, value: kept?.used ?? 0, ...related }; // one entry for each billing item; here there is one
    });
    return { usage: await Promise.all(usage) };
  },
};

export default defineConfig({
  service: 'acme',
  products: { sms: { seller, onDemand: true, packageUsage: 'required' } }, // packages that stop when used up
  stages: { prod: { host: 'server', region: 'cn-north-4', receivers: ['ops'] } },
});
