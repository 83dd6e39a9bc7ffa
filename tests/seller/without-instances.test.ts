import { expect, test } from '@jest/globals';
import type { Purchase } from '../../lib/seller/contract.ts';
import { sellerWithoutInstances } from '../../lib/seller/without-instances.ts';
import { context } from './hooks.ts';

test('a seller without instances has its own functions, and fails a purchase that should never come', async () => {
  const seller = sellerWithoutInstances({ applyApikey: async () => ({ apikey: 'k' }) });
  expect(await seller.applyApikey?.({ product: 'm', customerId: 'c' } as never, context())).toEqual({ apikey: 'k' });
  expect(await seller.provision({} as Purchase, context())).toEqual({
    failed: { reason: expect.stringContaining('has no instances') },
  });
});
