import { type Alongside, createSecrets } from './create.ts';
import { fileSource } from './file.ts';
import { parameterStoreSource } from './parameter-store.ts';
import type { ProductSecrets, Secrets } from './secrets.ts';
import { sharedKeys } from './shared-keys.ts';
import type { Source } from './source.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds after which a parameter is read again: how long a new key needs to be known everywhere. */
const MAX_AGE_MS = 300_000;

/** Parts of reading secrets that differ between hosts. */
export interface EnvironmentParts {
  /** Names that are read together with whatever has to be read in the cloud. */
  readonly alongside?: Alongside | undefined;
  /** Opens `csms://…`; absent on Lambda, whose bundles do without. */
  readonly csms?: ((address: string, env: Environment, options: { readonly now: () => number }) => Source) | undefined;
}

/**
 * The secrets that the environment points to: `KOOGATE_SECRETS` is the path of a local secrets file or a place in the Cloud
 * Secret Management Service (`csms://…`), `KOOGATE_PARAMETERS` the prefix of parameters on AWS (`/koogate/prod`). The first
 * wins.
 * @param warn takes a sentence, free of secrets, when old values have to be served or products share a key.
 * @throws Error that says what to set
 */
export function secretsFromEnvironment(
  env: Environment,
  clock: () => number,
  warn: (message: string) => void = console.warn,
  { alongside, csms }: EnvironmentParts = {},
): Secrets {
  const onStale = (error: unknown) =>
    warn(`Secrets of before are used on. ${error instanceof Error ? error.message : ''}`.trim());
  const path = env.KOOGATE_SECRETS;
  const inCloud = { maxAge: MAX_AGE_MS, clock, onStale, ...(alongside && { alongside }) };
  if (path?.startsWith('csms://')) {
    if (csms === undefined) {
      throw new Error('KOOGATE_SECRETS is csms://…, which servers and commands read, and functions on Lambda do not.');
    }
    const place = (name: string) => `The secret "${name}" of ${path}`;
    return watched(createSecrets(csms(path, env, { now: clock }), { ...inCloud, place }), warn);
  }
  if (path) {
    const place = (name: string) => `The secret "${name}" of ${path}`;
    return watched(createSecrets(fileSource(path, env), { maxAge: 0, clock, onStale, place }), warn);
  }
  const prefix = env.KOOGATE_PARAMETERS;
  if (!prefix) {
    throw new Error(
      'Neither KOOGATE_SECRETS (path of a secrets file, or csms://…) nor KOOGATE_PARAMETERS (prefix of the parameters) is set.',
    );
  }
  if (!/^(\/[\w.-]+)+$/.test(prefix)) {
    throw new Error('KOOGATE_PARAMETERS must look like /koogate/prod: it begins with a slash and ends without one.');
  }
  const place = (name: string) => `The parameter "${prefix}/${name}"`;
  const source = parameterStoreSource(prefix, env, { now: clock });
  return watched(createSecrets(source, { ...inCloud, place }), warn);
}

/** Warns, once a process, of products that share a key, as soon as both have been read. */
function watched(secrets: Secrets, warn: (message: string) => void): Secrets {
  const read = new Map<string, ProductSecrets>();
  const said = new Set<string>();
  return {
    ...secrets,
    product: async (name) => {
      const own = await secrets.product(name);
      if (read.get(name) === own) return own;
      read.set(name, own);
      for (const sentence of sharedKeys(read)) {
        if (!said.has(sentence)) warn(sentence);
        said.add(sentence);
      }
      return own;
    },
  };
}
