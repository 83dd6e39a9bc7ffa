import { defineConfig, type HookContext, type Instance, type Seller } from 'koogate';

/** A workspace, with the keys of its changes. The notes stand for a database of your own. */
interface Workspace {
  readonly open: boolean;
  readonly until?: string;
  readonly keys: readonly string[];
}

/** Makes a change once a key, and only to what is there. */
async function change({ instanceId }: Instance, part: Partial<Workspace>, { notes, idempotencyKey }: HookContext) {
  const kept = (await notes.get(instanceId)) as Workspace | undefined;
  if (kept === undefined || kept.keys.includes(idempotencyKey)) return;
  await notes.put(instanceId, { ...kept, ...part, keys: [...kept.keys, idempotencyKey] });
}

const seller: Seller = {
  async provision({ instance }, { notes }) {
    await notes.create(instance.instanceId, { open: true, keys: [] } satisfies Workspace);
    return { access: { frontEndUrl: 'https://crm.acme.example.com/login' } };
  },
  renew: ({ instance, expiresAt }, context) => change(instance, { until: expiresAt.toISOString() }, context),
  upgrade: async () => ({ failed: { reason: 'There is one specification.' } }),
  freeze: ({ instance }, context) => change(instance, { open: false }, context),
  unfreeze: ({ instance }, context) => change(instance, { open: true }, context),
  release: ({ instance }, { notes }) => notes.delete(instance.instanceId),
  tenants: {
    /** An account name is unique within a tenant alone. */
    async userChanged({ binding, userName, user }, { notes }) {
      const account = `${binding.tenantId}/${userName}`;
      if (user === undefined) await notes.delete(account);
      else await notes.put(account, { isAdmin: user.role === 'admin', enabled: user.enable });
    },
  },
};

export default defineConfig({
  service: 'acme',
  products: { crm: { seller, families: ['saas-v2', 'order-notify', 'kit-v2'] } },
  stages: { prod: { host: 'server', region: 'cn-north-4', receivers: ['ops'] } },
});
