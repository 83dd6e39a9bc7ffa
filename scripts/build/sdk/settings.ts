import type { Selectors } from './config-loader.ts';

export { loadConfig } from './config-loader.ts';

/*
 * Stands in for the settings that the DynamoDB client reads.
 */

/** Lambda names the region, so no machine's metadata is asked for it. */
export const NODE_REGION_CONFIG_OPTIONS: Selectors<string> = {
  environmentVariableSelector: (env) => env.AWS_REGION || undefined,
  default: async () => {
    throw new Error('AWS_REGION is not set: it says where the table is.');
  },
};

/** Tells only which configuration file has the region. */
export const NODE_REGION_CONFIG_FILE_OPTIONS = {};

/** `AWS_DEFAULTS_MODE` chooses timeouts of connections, and our clients name theirs. */
export const resolveDefaultsModeConfig = () => async () => 'legacy';

export {
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
  resolveRegionConfig,
} from '@smithy/core/config';
