/**
 * Stands in for the SDK's reader of `~/.aws/config` and `~/.aws/credentials`: Lambda has no such files, and a local
 * run must not depend on them. Settings come from the environment.
 */
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });

export const CONFIG_PREFIX_SEPARATOR = '.';
