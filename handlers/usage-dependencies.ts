import { createOpenApis } from '../lib/open-api/open-api.ts';
import { pushUsage } from '../lib/open-api/push-usage.ts';
import type { UsageDependencies } from '../lib/usage/dependencies.ts';
import type { Runtime } from './runtime.ts';

/** Makes what taking and pushing usage runs on. */
export function usageDependencies(runtime: Runtime): UsageDependencies {
  const { secrets, site, usageBatch } = runtime;
  const openApis = createOpenApis({ ...site, keys: () => secrets.account(), clock: Date.now });
  return {
    ...runtime,
    batchSize: usageBatch,
    pushUsage: async (product, records, signal) => {
      const { accessKeys } = await secrets.product(product);
      return pushUsage(openApis, accessKeys.base ?? [], records, signal);
    },
  };
}
