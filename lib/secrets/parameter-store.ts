import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import { checkedUrl } from '../http.ts';
import { SecretsUnavailable } from './secrets.ts';
import { Sha256 } from './sha256.ts';
import type { Source } from './source.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds for one parameter, repeats included: a call of the marketplace may be waiting. */
const TIMEOUT = 1_500;

/** One repeat, for a connection that was closed while it lay idle and for a moment's throttling. */
const TRIES = 2;

const TRANSIENT = /^(Throttling.*|TooManyRequests.*|InternalServerError|ServiceUnavailable|ECONN\w+|EPIPE)$/;

/**
 * Parameters of AWS Systems Manager below a prefix, decrypted. The one call we need is signed by hand, because the
 * SDK's client would add a quarter to the bundle. One parameter a call: `GetParameters` is refused as a whole if the
 * role may not read one of them.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 *
 * @param prefix begins with a slash and does not end with one.
 * @param env credentials (`AWS_ACCESS_KEY_ID` …), `AWS_REGION`, and `AWS_ENDPOINT_URL_SSM` for another endpoint. Read
 *   at each call, so that credentials may change.
 * @throws Error at once if the region is not set or the endpoint is unfit; the source throws SecretsUnavailable.
 */
export function parameterStoreSource(prefix: string, env: Environment, now: () => number = Date.now): Source {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (!region) throw new Error('AWS_REGION is not set: it says where the parameters are kept.');
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const endpoint = checkedUrl(env.AWS_ENDPOINT_URL_SSM ?? `https://ssm.${region}.${suffix}`, 'AWS_ENDPOINT_URL_SSM');
  const send = sender(endpoint);
  const signer = new SignatureV4({ service: 'ssm', region, sha256: Sha256, credentials: async () => credentials(env) });

  return async (name) => {
    const parameter = `${prefix}/${name}`;
    const body = JSON.stringify({ Name: parameter, WithDecryption: true });
    const signal = AbortSignal.timeout(TIMEOUT);
    for (let tries = 1; ; tries += 1) {
      try {
        const { headers } = await signer.sign(
          {
            method: 'POST',
            protocol: endpoint.protocol,
            hostname: endpoint.hostname,
            path: '/',
            headers: {
              host: endpoint.host,
              'content-type': 'application/x-amz-json-1.1',
              'x-amz-target': 'AmazonSSM.GetParameter',
            },
            body,
          },
          { signingDate: new Date(now()) },
        );
        return readValue(await send(headers, body, signal));
      } catch (error) {
        const code = codeOf(error);
        if (tries < TRIES && TRANSIENT.test(code) && !signal.aborted) continue;
        throw new SecretsUnavailable(`The parameter "${parameter}" cannot be read (${code}): ${advice(code)}`);
      }
    }
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

type Send = (headers: Record<string, string>, body: string, signal: AbortSignal) => Promise<Answer>;

function sender(endpoint: URL): Send {
  const secure = endpoint.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 8 });
  const request = secure ? httpsRequest : httpRequest;
  return (headers, body, signal) =>
    new Promise((resolve, reject) => {
      request(endpoint, { method: 'POST', path: '/', headers, agent, signal }, (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      })
        .on('error', reject)
        .end(body);
    });
}

/** A refusal of Parameter Store, by its name. */
class ParameterRefused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** `{ Parameter: { Value } }`, or `{ __type: "com.amazonaws.ssm#ParameterNotFound" }`. Other text is never repeated. */
function readValue({ status, body }: Answer): string {
  const answer = parsed(body);
  const value = member(member(answer, 'Parameter'), 'Value');
  if (status === 200 && typeof value === 'string') return value;
  const type = member(answer, '__type');
  const code = typeof type === 'string' ? type.slice(type.lastIndexOf('#') + 1) : '';
  if (/^\w{1,64}$/.test(code)) throw new ParameterRefused(code);
  throw new ParameterRefused(status >= 500 ? 'InternalServerError' : `HTTP ${status}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function credentials(env: Environment) {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (!accessKeyId || !secretAccessKey) throw new ParameterRefused('NoCredentials');
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function codeOf(error: unknown): string {
  const name = member(error, 'name');
  if (name === 'AbortError' || name === 'TimeoutError') return 'timeout';
  const code = member(error, 'code');
  return typeof code === 'string' ? code : String(name);
}

/** What to do about it, by the code. */
function advice(code: string): string {
  if (code === 'ParameterNotFound') return 'write it with "npx koogate parameters", and check KOOGATE_PARAMETERS.';
  if (code === 'AccessDeniedException') return "give the function's role ssm:GetParameter on it.";
  if (code === 'NoCredentials') return 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
  return 'Parameter Store does not answer as it should; the next call asks again.';
}
