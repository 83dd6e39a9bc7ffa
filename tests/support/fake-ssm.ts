import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** What the fake was asked. */
export interface SsmCall {
  readonly target: string;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
}

/** Parameter Store on loopback: what we use of it, with signatures checked. */
export interface FakeSsm {
  readonly endpoint: string;
  readonly parameters: Map<string, string>;
  readonly calls: SsmCall[];
  /** Queue of what the next calls get instead of a true answer: an error's name, a status alone, or `hang` or `reset`. */
  readonly faults: string[];
  /** Names that the role may not read; `*` is GetParameters as a whole. */
  readonly denied: Set<string>;
  /** Milliseconds by which the fake's clock is ahead. Like the true one it takes five minutes of difference. */
  ahead: number;
  stop(): Promise<void>;
}

/** Keys that the fake takes; give them to the client as credentials. */
export const AWS_KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'fake-secret-key' };

/** Milliseconds that clocks may differ. */
const SKEW = 300_000;

export async function startFakeSsm(): Promise<FakeSsm> {
  const parameters = new Map<string, string>();
  const calls: SsmCall[] = [];
  const faults: string[] = [];
  const denied = new Set<string>();
  const clock = { ahead: 0 };
  const server = createServer(async (request, response) => {
    const raw = await text(request);
    const target = String(request.headers['x-amz-target']).replace('AmazonSSM.', '');
    const body = JSON.parse(raw);
    calls.push({ target, body, headers: request.headers });
    const now = Date.now() + clock.ahead;
    const answer = (status: number, value: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', date: new Date(now).toUTCString() })
        .end(JSON.stringify(value));
    const fault = faults.shift();
    if (fault === 'hang') return;
    if (fault === 'reset') return request.socket.destroy();
    if (/^\d{3}$/.test(fault ?? '')) return response.writeHead(Number(fault)).end('<html>TOP-SECRET</html>');
    if (fault) return answer(fault.startsWith('Internal') ? 500 : 400, { __type: `com.amazonaws.ssm#${fault}` });
    if (!isSigned(request, raw) || Math.abs(now - signedAt(request)) > SKEW) {
      return answer(400, { __type: 'InvalidSignatureException' });
    }
    const stored = (Name: string) => {
      const value = parameters.get(Name);
      return value === undefined
        ? []
        : [{ Name, Type: 'SecureString', Value: body.WithDecryption ? value : 'AQICsealed' }];
    };
    if (target === 'GetParameter') {
      if (denied.has(body.Name)) return answer(400, { __type: 'AccessDeniedException' });
      const [Parameter] = stored(body.Name);
      return Parameter === undefined ? answer(400, { __type: 'ParameterNotFound' }) : answer(200, { Parameter });
    }
    if (target === 'GetParameters') {
      const wanted: string[] = body.Names;
      if (wanted.length > 10) return answer(400, { __type: 'ValidationException' });
      if (['*', ...wanted].some((name) => denied.has(name))) return answer(400, { __type: 'AccessDeniedException' });
      const Parameters = wanted.flatMap(stored);
      return answer(200, { Parameters, InvalidParameters: wanted.filter((name) => !parameters.has(name)) });
    }
    if (target === 'GetParametersByPath') {
      const below = [...parameters.keys()].filter((name) => name.startsWith(`${body.Path}/`));
      return answer(200, { Parameters: below.flatMap(stored) });
    }
    if (target === 'DeleteParameter') {
      return parameters.delete(body.Name) ? answer(200, {}) : answer(400, { __type: 'ParameterNotFound' });
    }
    if (target === 'PutParameter') {
      if (parameters.has(body.Name) && !body.Overwrite) return answer(400, { __type: 'ParameterAlreadyExists' });
      parameters.set(body.Name, body.Value);
      return answer(200, { Version: 1, Tier: 'Standard' });
    }
    return answer(400, { __type: 'UnknownOperationException' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake got no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    parameters,
    calls,
    faults,
    denied,
    get ahead() {
      return clock.ahead;
    },
    set ahead(ms) {
      clock.ahead = ms;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function signedAt({ headers }: IncomingMessage): number {
  const stamp = String(headers['x-amz-date']);
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Signature Version 4, reckoned anew from what arrived. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isSigned(request: IncomingMessage, raw: string): boolean {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/ssm\/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (match === null) return false;
  const [, id, day = '', region = '', signed = '', signature] = match;
  if (id !== AWS_KEYS.AWS_ACCESS_KEY_ID || !['host', 'x-amz-date'].every((name) => signed.split(';').includes(name))) {
    return false;
  }
  const sha = (data: string) => createHash('sha256').update(data).digest('hex');
  const mac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const headers = signed.split(';').map((name) => `${name}:${request.headers[name]}\n`);
  const canonical = [request.method, '/', '', headers.join(''), signed, sha(raw)].join('\n');
  const scope = `${day}/${region}/ssm/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha(canonical)].join('\n');
  const key = [region, 'ssm', 'aws4_request'].reduce<Buffer>(mac, mac(`AWS4${AWS_KEYS.AWS_SECRET_ACCESS_KEY}`, day));
  return mac(key, toSign).toString('hex') === signature;
}
