import type { Seller } from './contract.ts';

/**
 * Makes a seller of products that have no instances: models, licences by code, notices only. The functions that belong to
 * instances need not be written; the marketplace never asks for them there.
 */
export function sellerWithoutInstances(
  hooks: Omit<Seller, 'provision' | 'renew' | 'freeze' | 'unfreeze' | 'upgrade' | 'release'>,
): Seller {
  const none = async () => ({
    failed: { reason: 'This product has no instances: its families in koogate.config.ts are not those of its seller.' },
  });
  return { provision: none, renew: none, freeze: none, unfreeze: none, upgrade: none, release: none, ...hooks };
}
