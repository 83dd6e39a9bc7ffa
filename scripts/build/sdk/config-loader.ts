/** Where the SDK looks for a setting. */
export interface Selectors<T> {
  environmentVariableSelector(env: NodeJS.ProcessEnv): T | undefined;
  readonly default: T | (() => Promise<T>);
}

/**
 * Stands in for the SDK's loader of settings in the bundles: the environment, then the default. Lambda has no
 * `~/.aws/config`, and a local run must not depend on one. As with the SDK, a variable whose value is no good counts as
 * not set.
 */
export function loadConfig<T>({ environmentVariableSelector, default: otherwise }: Selectors<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };

  async function load(): Promise<T> {
    try {
      const value = environmentVariableSelector(process.env);
      if (value !== undefined) return value;
    } catch {
      // as if it were not set
    }
    return typeof otherwise === 'function' ? (otherwise as () => Promise<T>)() : otherwise;
  }
}
