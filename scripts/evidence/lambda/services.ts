import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import type { Access, AccessRequest } from './access.ts';
import { dynamodbRights } from './dynamodb-rights.ts';
import { type Credentials, verifySignature } from './signature.ts';
import { answerSsm, ssmRights } from './ssm.ts';

/*
 * The endpoints of DynamoDB and Parameter Store on loopback. Each request must be signed with a role's credentials and
 * allowed by the role's statements; then the table's go to an engine, and the parameters' are answered from memory.
 */

/** An answer of a service; an error's body has the member `__type`. */
export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

/** A call that has been let in. */
export interface ServiceCall {
  readonly service: 'dynamodb' | 'ssm';
  readonly operation: string;
  readonly role: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The services, listening. */
export interface Services {
  readonly url: string;
  readonly parameters: Map<string, string>;
  /** Number of calls by role, service and operation. */
  readonly calls: ReadonlyMap<string, number>;
  /** Sentences on calls whose signature did not hold. */
  readonly unsigned: readonly string[];
  /** Closes the connections that nobody uses right now, as services do after a while. */
  closeIdle(): void;
  /** Faults that are played: an answer in the place of the true one, and milliseconds that the clock is ahead. */
  readonly faults: { interfere?: ((call: ServiceCall) => Reply | undefined) | undefined; aheadMs: number };
  stop(): Promise<void>;
}

/** Options of the services. */
export interface ServicesOptions {
  readonly region: string;
  readonly account: string;
  /** Address of the DynamoDB engine. */
  readonly engine: string;
  readonly access: Access;
  /** Credentials by access key id. */
  readonly credentials: ReadonlyMap<string, Credentials>;
}

const TARGET = /^(DynamoDB_20120810|AmazonSSM)\.(\w+)$/;

/** Starts the services on one port. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { region, credentials } = options;
  const parameters = new Map<string, string>();
  const calls = new Map<string, number>();
  const unsigned: string[] = [];
  const faults: Services['faults'] = { aheadMs: 0 };
  const engine = createForwarder(options.engine);

  const answer = async (method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> => {
    const [, interfaceName, operation = ''] = TARGET.exec(String(headers['x-amz-target'])) ?? [];
    const service = interfaceName === 'AmazonSSM' ? 'ssm' : 'dynamodb';
    const now = Date.now() + faults.aheadMs;
    const signed = verifySignature({ method, path, headers, body }, { service, region, credentials, now });
    if ('error' in signed) {
      unsigned.push(`${service}:${operation}: ${signed.error}`);
      return refusal(signed.error, signed.text);
    }
    const call = { service, operation, role: signed.role, input: JSON.parse(body.toString()) } as const;
    const name = `${signed.role} ${service}:${operation}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const forced = faults.interfere?.(call);
    if (forced !== undefined) return forced;
    for (const request of rightsOf(call, options)) {
      if (await options.access.isAllowed(request)) continue;
      return refusal('AccessDeniedException', `${request.role} may not ${request.action} on ${request.resource}`);
    }
    return service === 'ssm' ? answerSsm(call, parameters) : engine.send(String(headers['x-amz-target']), body);
  };
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const { status, body } = await answer(method, url, headers, await buffer(request)).catch((error: Error) =>
      refusal('InternalServerError', error.message, 500),
    );
    response
      .writeHead(status, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': body.length,
        'x-amzn-requestid': randomUUID(),
        'x-amz-crc32': String(crc32(body)),
        date: new Date(Date.now() + faults.aheadMs).toUTCString(),
      })
      .end(body);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    parameters,
    calls,
    unsigned,
    closeIdle: () => server.closeIdleConnections(),
    faults,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      engine.stop();
    },
  };
}

/** Makes an error as these services answer it. */
export function refusal(type: string, text = type, status = 400): Reply {
  return { status, body: Buffer.from(JSON.stringify({ __type: `com.amazonaws#${type}`, message: text })) };
}

function rightsOf(call: ServiceCall, { region, account }: ServicesOptions): readonly AccessRequest[] {
  return call.service === 'ssm' ? ssmRights(call, region, account) : dynamodbRights(call, region, account);
}

/** Sends requests on to the engine, which checks no signature. */
function createForwarder(engine: string) {
  const agent = new Agent({ keepAlive: true });
  const send = (target: string, body: Buffer): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': body.length,
        'x-amz-target': target,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      };
      httpRequest(engine, { method: 'POST', agent, headers }, (response) => {
        buffer(response).then((answered) => resolve({ status: response.statusCode ?? 500, body: answered }), reject);
      })
        .on('error', reject)
        .end(body);
    });
  return { send, stop: () => agent.destroy() };
}
