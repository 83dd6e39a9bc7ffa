import type { HookContext, Seller } from './contract.ts';

/** Calls your product's API. What throws is tried again with the same key, so let one key take effect once. */
async function call(path: string, body: object, { idempotencyKey, signal }: HookContext) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
  const init = { method: 'POST', headers, body: JSON.stringify(body), signal };
  const answer = await fetch(`${process.env.ACME_API}${path}`, init);
  if (!answer.ok) throw new Error(`The API answered ${answer.status} to ${path}.`);
  return (await answer.json()) as { url: string; password: string };
}
const set = async (id: string, body: object, context: HookContext) =>
  void (await call(`/tenants/${id}`, body, context));

export const acme: Seller = {
  async provision({ instance, order }, context) {
    const seats = order.line.products[0]?.linearValue ?? 1;
    const { url, password } = await call('/tenants', { id: instance.instanceId, seats }, context);
    return { access: { frontEndUrl: url, userName: 'admin', password } };
  },
  renew: ({ instance, expiresAt }, context) => set(instance.instanceId, { expiresAt }, context),
  freeze: ({ instance }, context) => set(instance.instanceId, { open: false }, context),
  unfreeze: ({ instance }, context) => set(instance.instanceId, { open: true }, context),
  upgrade: ({ instance, upgradeOrder }, context) =>
    set(instance.instanceId, { seats: upgradeOrder.line.products[0]?.linearValue }, context),
  release: ({ instance }, context) => set(instance.instanceId, { removed: true }, context),
};
