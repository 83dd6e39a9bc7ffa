import { pushUsage } from '../lib/open-api/push-usage.ts';
import type { UsageDependencies } from '../lib/usage/dependencies.ts';
import type { Runtime } from './runtime.ts';

/** Makes what taking and pushing usage runs on. */
export function usageDependencies(runtime: Runtime): UsageDependencies {
  const { secrets, usageBatch } = runtime;
  return {
    ...runtime,
    batchSize: usageBatch,
    pushUsage: async (product, records, signal) => {
      const { accessKeys } = await secrets.product(product);
      return pushUsage(runtime.openApisOf(product), accessKeys.base ?? [], records, signal);
    },
  };
}
