import type { IncomingMessage, ServerResponse } from 'node:http';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { listen } from './listen.ts';

/** What the fake was asked: method and path. */
export type CsmsCall = `${string} ${string}`;

/** Temporary keys as the metadata service gives them; the number grows with each generation. */
const keysOf = (generation: number) => ({
  access: `HST${generation}`,
  secret: `secret-of-${generation}`,
  securitytoken: `token-of-${generation}`,
});

/**
 * Secret service and metadata service of an Elastic Cloud Server on loopback, as far as they are used. Signatures are
 * computed anew by the vendor's own signer.
 */
export async function startFakeCsms(project: string) {
  const state = {
    secrets: new Map<string, string[]>(),
    calls: [] as CsmsCall[],
    /** Queue of what the next calls of the secret service get: a status with a code, or `hang` or `reset`. */
    faults: [] as (readonly [status: number, code: string] | 'hang' | 'reset')[],
    /** Milliseconds by which the service's clock is ahead; like the true one it takes 15 minutes of difference. */
    ahead: 0,
    generation: 1,
    /** Milliseconds for which keys are given out. */
    lifetime: 3_600_000,
    hasAgency: true,
    demandsToken: false,
  };

  function answer(request: IncomingMessage, body: string, response: ServerResponse): unknown {
    const path = request.url ?? '';
    state.calls.push(`${request.method} ${path}`);
    const now = Date.now() + state.ahead;
    const give = (status: number, value: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json', date: new Date(now).toUTCString() })
        .end(typeof value === 'string' ? value : JSON.stringify(value));
    if (path === '/meta-data/latest/api/token') return give(200, 'metadata-token');
    if (path === '/openstack/latest/securitykey') {
      if (state.demandsToken && request.headers['x-metadata-token'] !== 'metadata-token') return give(401, 'no token');
      if (!state.hasAgency) return give(404, 'TOP-SECRET');
      const expires_at = new Date(Date.now() + state.lifetime).toISOString();
      return give(200, { credential: { ...keysOf(state.generation), expires_at } });
    }
    const fault = state.faults.shift();
    if (fault === 'hang') return undefined;
    if (fault === 'reset') return request.socket.destroy();
    if (fault !== undefined) return give(fault[0], { error_code: fault[1], error_msg: 'TOP-SECRET' });
    const refusal = { error_code: 'APIGW.0301', error_msg: 'Incorrect IAM authentication information' };
    if (Math.abs(now - signedAt(request)) > 900_000 || !isSigned(request, body, state.generation)) {
      return give(401, refusal);
    }
    const [, name = '', rest] = new RegExp(`^/v1/${project}/secrets(?:/([\\w.-]+)(/versions.*)?)?$`).exec(path) ?? [];
    const versions = state.secrets.get(name);
    const missing = { error_code: 'CSMS.0106', error_msg: 'The secret name not found int the db.' };
    if (request.method === 'GET' && rest === '/versions/latest') {
      return versions === undefined
        ? give(400, missing)
        : give(200, { version: { secret_string: versions.at(-1), version_metadata: { id: `v${versions.length}` } } });
    }
    if (request.method === 'POST' && rest === '/versions') {
      if (versions === undefined) return give(400, missing);
      versions.push(JSON.parse(body).secret_string);
      return give(200, { version_metadata: {} });
    }
    if (request.method === 'POST' && name === '') {
      const made = JSON.parse(body);
      if (!/^[a-zA-Z0-9._-]{1,64}$/.test(made.name)) return give(400, { error_code: 'CSMS.0002', error_msg: '' });
      state.secrets.set(made.name, [made.secret_string]);
      return give(200, { secret: {} });
    }
    return give(404, { error_code: 'APIGW.0101', error_msg: 'The API does not exist' });
  }

  const { url, close } = await listen(answer);
  return {
    url,
    state,
    /** Latest texts by name. */
    texts: () => Object.fromEntries([...state.secrets].map(([name, versions]) => [name, versions.at(-1)])),
    stop: close,
  };
}

export type FakeCsms = Awaited<ReturnType<typeof startFakeCsms>>;

function signedAt({ headers }: IncomingMessage): number {
  const stamp = String(headers['x-sdk-date']);
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Keys of the generation, or those of an operator's desk: see {@link OPERATOR}. */
function isSigned(request: IncomingMessage, body: string, generation: number): boolean {
  const given = String(request.headers.authorization);
  const { access, secret, securitytoken } = keysOf(generation);
  const [ak, sk] = given.includes(`Access=${OPERATOR.HUAWEICLOUD_SDK_AK},`)
    ? [OPERATOR.HUAWEICLOUD_SDK_AK, OPERATOR.HUAWEICLOUD_SDK_SK]
    : [access, secret];
  const isTemporary = ak === access;
  if (isTemporary && request.headers['x-security-token'] !== securitytoken) return false;
  const signed = /SignedHeaders=([\w;-]+)/.exec(given)?.[1]?.split(';') ?? [];
  const needed = ['host', 'x-sdk-date', ...(isTemporary ? ['x-security-token'] : [])];
  if (!needed.every((name) => signed.includes(name))) return false;
  const headers = Object.fromEntries(
    signed.filter((name) => name !== 'host').map((name) => [name, request.headers[name]]),
  );
  const { 'x-sdk-date': date, ...others } = headers;
  const again = AKSKSigner.sign(
    {
      method: request.method,
      endpoint: `http://${request.headers.host}${request.url}`,
      queryParams: {},
      headers: { ...others, 'X-Sdk-Date': date },
      ...(body === '' ? {} : { data: JSON.parse(body) }),
    } as Parameters<typeof AKSKSigner.sign>[0],
    new BasicCredentials({}).withAk(ak).withSk(sk),
  );
  return String((again as Record<string, unknown>).Authorization) === given;
}

/** Keys of whoever writes secrets, as the vendor's tools take them from the environment. */
export const OPERATOR = { HUAWEICLOUD_SDK_AK: 'AKOPERATOR', HUAWEICLOUD_SDK_SK: 'sk-of-the-operator' };
