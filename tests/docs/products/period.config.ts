import { defineConfig, type HookContext, type Instance, type Order, type Seller } from 'koogate';

const seatsOf = ({ line }: Order) => line.products[0]?.linearValue ?? 1;

/** A team, with the keys of its changes. The notes stand for a database of your own. */
interface Team {
  readonly seats: number;
  readonly isTrial: boolean;
  readonly open: boolean;
  readonly until?: string;
  readonly keys: readonly string[];
}

/** Makes a change once a key, and only to what is there. */
async function change({ instanceId }: Instance, part: Partial<Team>, { notes, idempotencyKey }: HookContext) {
  const kept = (await notes.get(instanceId)) as Team | undefined;
  if (kept === undefined || kept.keys.includes(idempotencyKey)) return;
  await notes.put(instanceId, { ...kept, ...part, keys: [...kept.keys, idempotencyKey] });
}

const seller: Seller = {
  async provision({ instance, order }, { notes }) {
    const isTrial = order.orderType === 'TRIAL';
    await notes.create(instance.instanceId, { seats: seatsOf(order), isTrial, open: true, keys: [] } satisfies Team);
    return { access: { frontEndUrl: `https://${instance.instanceId}.acme.example.com`, userName: 'owner' } };
  },
  renew: ({ instance, expiresAt }, context) => change(instance, { until: expiresAt.toISOString() }, context),
  upgrade: ({ instance, upgradeOrder }, context) => change(instance, { seats: seatsOf(upgradeOrder) }, context),
  freeze: ({ instance }, context) => change(instance, { open: false }, context),
  unfreeze: ({ instance }, context) => change(instance, { open: true }, context),
  release: ({ instance }, { notes }) => notes.delete(instance.instanceId),
  async canChange({ target }) {
    const allowed = (target.linearValue ?? 5) >= 5; // a smaller team is not sold
    return allowed ? { allowed } : { allowed, reason: 'A team has at least 5 seats.' };
  },
};

export default defineConfig({
  service: 'acme',
  products: { crm: { seller } },
  stages: { prod: { host: 'server', region: 'cn-north-4', receivers: ['ops'] } },
});
