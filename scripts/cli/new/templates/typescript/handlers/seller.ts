import type { Order, Seller } from 'koogate';
import { changeTenant, createTenant, removeTenant } from '../lib/tenants.ts';

/**
 * Everything that can happen to an instance that was sold. A call that throws, or takes too long, comes again with the same
 * `context.idempotencyKey`: let one key take effect once.
 */
export const seller: Seller = {
  // Take this line out once lib/tenants.ts makes real tenants: no other stage than a demonstration runs sample code.
  demonstration: true,

  /** Somebody bought: make the tenant, and say how its owner gets in. */
  async provision({ instance, order }, context) {
    const password = await createTenant(instance.instanceId, seatsOf(order), order.line.expiresAt, context);
    return { access: { frontEndUrl: 'https://{{name}}.example.com', userName: 'owner', password } };
  },

  /** Paid on, or a renewal withdrawn: the tenant now ends at this moment. */
  renew: ({ instance, expiresAt }, context) =>
    changeTenant(instance.instanceId, context, { endsAt: expiresAt.toISOString() }),

  /** Expired or in violation: shut the door, keep the data. */
  freeze: ({ instance }, context) => changeTenant(instance.instanceId, context, { open: false }),

  /** Paid again, or cleared: open the door. */
  unfreeze: ({ instance }, context) => changeTenant(instance.instanceId, context, { open: true }),

  /** Another specification was bought. */
  upgrade: ({ instance, upgradeOrder }, context) =>
    changeTenant(instance.instanceId, context, { seats: seatsOf(upgradeOrder) }),

  /** The instance has ended; also called for one that never came into being. */
  release: ({ instance }, context) => removeTenant(instance.instanceId, context),
};

/** Seats that an order is about; products sold without a number have one. */
function seatsOf(order: Order): number {
  return order.line.products[0]?.linearValue ?? 1;
}
