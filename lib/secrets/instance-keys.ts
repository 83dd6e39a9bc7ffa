import * as v from 'valibot';
import { type Answer, type Exchange, exchange } from '../http.ts';
import type { AccountKeysLike } from '../protocol/sdk-signature.ts';

/** Address of the metadata service, the same on every Elastic Cloud Server; nothing leaves the machine's own host. */
const METADATA = 'http://169.254.169.254';

/** Milliseconds before their end at which keys are asked for anew; the service has new ones ten minutes before. */
const EARLY_MS = 300_000;

/** Seconds for which a token of the metadata service is asked. */
const TOKEN_SECONDS = 21_600;

const SecurityKey = v.object({
  credential: v.object({
    access: v.string(),
    secret: v.string(),
    securitytoken: v.string(),
    expires_at: v.pipe(
      v.string(),
      v.transform((text) => Date.parse(text)),
      v.number(),
    ),
  }),
});

/** Temporary keys of the server that this runs on. */
export interface InstanceKeys {
  /** @throws Error that says what to give the server */
  get(signal: AbortSignal): Promise<AccountKeysLike>;
  /** Forgets keys that were refused. */
  forget(): void;
}

/**
 * Reads the temporary keys that an agency gives an Elastic Cloud Server, and keeps them until shortly before their end.
 * Where the metadata service demands a token, as a server can be set to, one is fetched first.
 * Source: https://support.huaweicloud.com/intl/en-us/usermanual-ecs/ecs_03_0166.html
 * @param now Unix milliseconds
 * @param base another address of the service, for tests
 */
export function instanceKeys(now: () => number, base: string = METADATA): InstanceKeys {
  let held: { readonly keys: AccountKeysLike; readonly until: number } | undefined;

  async function read(signal: AbortSignal): Promise<AccountKeysLike> {
    const first = await call({ method: 'GET', path: '/openstack/latest/securitykey', signal });
    const answer = first.status === 401 ? await withToken(signal) : first;
    const result = v.safeParse(v.pipe(v.string(), v.parseJson(), SecurityKey), answer.text);
    if (answer.status !== 200 || !result.success) {
      throw new Error(`The metadata service gives no keys (HTTP ${answer.status}): give the server an agency.`);
    }
    const { access, secret, securitytoken, expires_at } = result.output.credential;
    const keys = { accessKeyId: access, secretAccessKey: secret, securityToken: securitytoken };
    held = { keys, until: expires_at - EARLY_MS };
    return keys;
  }

  async function withToken(signal: AbortSignal): Promise<Answer> {
    const headers = { 'X-Metadata-Token-Ttl-Seconds': String(TOKEN_SECONDS) };
    const token = await call({ method: 'PUT', path: '/meta-data/latest/api/token', headers, signal });
    if (token.status !== 200 || token.text === undefined) return token;
    const shown = { 'X-Metadata-Token': token.text };
    return call({ method: 'GET', path: '/openstack/latest/securitykey', headers: shown, signal });
  }

  function call({ path, headers = {}, ...rest }: Pick<Exchange, 'method' | 'signal'> & MetadataCall): Promise<Answer> {
    return exchange({ ...rest, url: new URL(path, base), headers, limit: 16_384 });
  }

  return {
    get: async (signal) => (held !== undefined && now() < held.until ? held.keys : read(signal)),
    forget: () => {
      held = undefined;
    },
  };
}

interface MetadataCall {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}
