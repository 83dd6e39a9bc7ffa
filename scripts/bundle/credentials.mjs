import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles. Lambda and the local run both hand credentials over
 * in the environment, so the rest of the SDK's chain (profiles, SSO, STS, instance metadata) would only be dead weight.
 */
export const defaultProvider = (init) => fromEnv(init);
