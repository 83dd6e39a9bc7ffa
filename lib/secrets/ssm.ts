import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import { checkedUrl } from '../http.ts';
import { Sha256 } from '../sha256.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Calls one operation of AWS Systems Manager. @throws SsmRefused, or the error of the connection */
export type CallSsm = (operation: string, input: object, signal: AbortSignal) => Promise<unknown>;

/** A refusal, by its name, such as `ParameterNotFound`. Other text of the answer is never repeated. */
export class SsmRefused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Refusals that a wrong clock brings about, among other things. */
const SIGNATURE_REFUSED = /^(InvalidSignature|RequestExpired|RequestInTheFuture|RequestTimeTooSkewed|SignatureDoesNot)/;

/** Milliseconds that two clocks may differ before ours is corrected; AWS takes up to five minutes. */
const SKEW_MS = 60_000;

/**
 * Makes calls of AWS Systems Manager, signed by hand: the SDK's client would add a quarter to the bundle. A clock that is
 * wrong is corrected by the date of the refusal, and the call repeated at once.
 * @param env credentials (`AWS_ACCESS_KEY_ID` …), read at each call so that they may change, and where the service is:
 *   `AWS_REGION`, `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`, `AWS_ENDPOINT_URL_SSM`.
 * @throws Error at once if the region is not set or the endpoint is unfit
 */
export function ssmCaller(env: Environment, now: () => number): CallSsm {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (!region) throw new Error('AWS_REGION is not set: it says where the parameters are kept.');
  const endpoint = checkedUrl(env.AWS_ENDPOINT_URL_SSM ?? endpointIn(region, env), 'AWS_ENDPOINT_URL_SSM');
  const send = sender(endpoint);
  const signer = new SignatureV4({ service: 'ssm', region, sha256: Sha256, credentials: async () => credentials(env) });
  let offset = 0;

  async function attempt(operation: string, body: string, signal: AbortSignal): Promise<Answer> {
    const { headers } = await signer.sign(
      {
        method: 'POST',
        protocol: endpoint.protocol,
        hostname: endpoint.hostname,
        path: '/',
        headers: {
          host: endpoint.host,
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AmazonSSM.${operation}`,
        },
        body,
      },
      { signingDate: new Date(now() + offset) },
    );
    return send(headers, body, signal);
  }

  /** Sets our clock by that of a server which refused the signature; tells whether it was far off. */
  function isCorrected({ date }: Answer): boolean {
    const difference = Date.parse(date) - (now() + offset);
    if (!(Math.abs(difference) > SKEW_MS)) return false;
    offset += difference;
    return true;
  }

  return async (operation, input, signal) => {
    const body = JSON.stringify(input);
    const answer = await attempt(operation, body, signal);
    const code = refusalOf(answer);
    if (code === undefined) return answer.json;
    if (!SIGNATURE_REFUSED.test(code) || !isCorrected(answer)) throw new SsmRefused(code);
    const second = await attempt(operation, body, signal);
    const refused = refusalOf(second);
    if (refused !== undefined) throw new SsmRefused(refused);
    return second.json;
  };
}

/** Source: https://docs.aws.amazon.com/general/latest/gr/ssm.html; other partitions have AWS_ENDPOINT_URL_SSM. */
function endpointIn(region: string, env: Environment): string {
  const isChina = region.startsWith('cn-');
  const isDual = env.AWS_USE_DUALSTACK_ENDPOINT === 'true';
  const isFips = env.AWS_USE_FIPS_ENDPOINT === 'true' && (isDual || !region.startsWith('us-gov-')); // which is all FIPS
  const [plain, dual] = isChina ? ['amazonaws.com.cn', 'api.amazonwebservices.com.cn'] : ['amazonaws.com', 'api.aws'];
  return `https://${isFips ? 'ssm-fips' : 'ssm'}.${region}.${isDual ? dual : plain}`;
}

interface Answer {
  readonly status: number;
  readonly date: string;
  readonly json: unknown;
}

type Send = (headers: Record<string, string>, body: string, signal: AbortSignal) => Promise<Answer>;

function sender(endpoint: URL): Send {
  const secure = endpoint.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 8 });
  const request = secure ? httpsRequest : httpRequest;
  return (headers, body, signal) =>
    new Promise((resolve, reject) => {
      request(endpoint, { method: 'POST', path: '/', headers, agent, signal }, (response) => {
        const {
          statusCode: status = 0,
          headers: { date = '' },
        } = response;
        text(response).then((answer) => resolve({ status, date, json: parsed(answer) }), reject);
      })
        .on('error', reject)
        .end(body);
    });
}

/** `{ __type: "com.amazonaws.ssm#ParameterNotFound" }` says why; undefined if nothing was refused. */
function refusalOf({ status, json }: Answer): string | undefined {
  const fields: { readonly __type?: unknown } | undefined = isObject(json) ? json : undefined;
  if (status === 200 && fields !== undefined && fields.__type === undefined) return undefined;
  const type = fields?.__type;
  const code = typeof type === 'string' ? type.slice(type.lastIndexOf('#') + 1) : '';
  if (/^\w{1,64}$/.test(code)) return code;
  return status >= 500 ? 'InternalServerError' : `HTTP ${status}`;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function credentials(env: Environment) {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (!accessKeyId || !secretAccessKey) throw new SsmRefused('NoCredentials');
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
