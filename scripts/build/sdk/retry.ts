import { StandardRetryStrategy } from '@smithy/core/retry';

export * from '@smithy/core/retry';

type Provider<T> = T | (() => Promise<T>);

interface RetryInput {
  readonly maxAttempts?: Provider<number>;
}

/**
 * Stands in for the SDK's choice of a way to repeat requests: always its standard one. The adaptive one holds requests
 * back until a rate is found, which a function that must answer in seconds cannot wait for; `AWS_RETRY_MODE=adaptive`
 * is not heard.
 */
export function resolveRetryConfig<T extends RetryInput>(
  config: T,
  { defaultMaxAttempts = 3, defaultBaseDelay: baseDelay = 50 } = {},
) {
  const given = config.maxAttempts ?? defaultMaxAttempts;
  const maxAttempts = typeof given === 'function' ? given : async () => given;
  let strategy: Promise<StandardRetryStrategy> | undefined;
  return Object.assign(config, {
    maxAttempts,
    retryStrategy: () => {
      strategy ??= maxAttempts().then((attempts) => new StandardRetryStrategy({ maxAttempts: attempts, baseDelay }));
      return strategy;
    },
  });
}

/** Stands in for the setting of the way, as there is one. */
export const NODE_RETRY_MODE_CONFIG_OPTIONS = { environmentVariableSelector: () => undefined, default: 'standard' };
