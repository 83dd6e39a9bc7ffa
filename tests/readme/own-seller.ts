import type { HookContext, Instance, Order, Seller } from 'koogate';

/** Puts a tenant into a state. An error is tried again with the same key: let each key take effect once. */
async function put({ instanceId }: Instance, tenant: object, { idempotencyKey, secret, signal }: HookContext) {
  const authorization = `Bearer ${await secret('acme')}`;
  const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
  const init = { method: 'PUT', headers, body: JSON.stringify(tenant), signal };
  const answer = await fetch(`https://api.acme.example.com/tenants/${instanceId}`, init);
  if (!answer.ok) throw new Error(`The API answered ${answer.status}.`);
}
const seatsOf = ({ line }: Order) => line.products[0]?.linearValue ?? 1;
export const seller: Seller = {
  async provision({ instance, order }, context) {
    await put(instance, { seats: seatsOf(order), open: true }, context);
    return { access: { frontEndUrl: `https://${instance.instanceId}.acme.example.com` } };
  },
  renew: ({ instance, expiresAt }, context) => put(instance, { expiresAt }, context),
  upgrade: ({ instance, upgradeOrder }, context) => put(instance, { seats: seatsOf(upgradeOrder) }, context),
  freeze: ({ instance }, context) => put(instance, { open: false }, context),
  unfreeze: ({ instance }, context) => put(instance, { open: true }, context),
  release: ({ instance }, context) => put(instance, { removed: true }, context),
};
