import type { Seller } from '../../../lib/seller/contract.ts';

/** Stands for your database: a team by its instance, and the keys of the changes that were made to it. */
export const teams = new Map<string, { seats: number; until: string; open: boolean; keys: string[] }>();

/** Changes a team once a key, and only if it is there. */
function change(instanceId: string, key: string, effect: object) {
  const team = teams.get(instanceId);
  if (team === undefined || team.keys.includes(key)) return;
  teams.set(instanceId, { ...team, ...effect, keys: [...team.keys, key] });
}

export const seller: Seller = {
  async provision({ instance, order }) {
    const seats = order.line.products[0]?.linearValue ?? 1;
    const until = order.line.expiresAt?.toISOString() ?? '';
    if (!teams.has(instance.instanceId)) teams.set(instance.instanceId, { seats, until, open: true, keys: [] });
    return { access: { frontEndUrl: `https://${instance.instanceId}.example.com`, userName: 'owner' } };
  },
  async renew({ instance, expiresAt }, { idempotencyKey }) {
    change(instance.instanceId, idempotencyKey, { until: expiresAt.toISOString() });
  },
  async upgrade({ instance, upgradeOrder }, { idempotencyKey }) {
    change(instance.instanceId, idempotencyKey, { seats: upgradeOrder.line.products[0]?.linearValue ?? 1 });
  },
  async freeze({ instance }, { idempotencyKey }) {
    change(instance.instanceId, idempotencyKey, { open: false });
  },
  async unfreeze({ instance }, { idempotencyKey }) {
    change(instance.instanceId, idempotencyKey, { open: true });
  },
  async release({ instance }) {
    teams.delete(instance.instanceId);
  },
};
