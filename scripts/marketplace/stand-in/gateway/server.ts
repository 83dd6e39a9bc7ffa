import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Count, countAnswer, StreamCounter, TOKEN_PATHS } from './count.ts';
import { agentsToken, type GatewayKey, type PlainCall, signApig } from './sign.ts';

/** Settings of a gateway. */
export interface GatewaySettings {
  readonly kind: 'apig' | 'agents';
  /** Address of the seller's server, with a path or without. */
  readonly backend: string;
  readonly key: GatewayKey;
  /** Members that are billed; with APIG calls are counted unless there are some. */
  readonly billed?: readonly string[];
  /** Unix milliseconds. */
  readonly clock?: () => number;
  /** Mishaps of a call, by its number from 0. */
  readonly mishap?: (call: number) => Mishap;
}

/** A fault on the way. */
export interface Mishap {
  /** Bytes of the answer after which the gateway breaks both lines. */
  readonly cutAfter?: number;
  /** Times that a call which failed is made once more; signed anew or not. */
  readonly repeats?: number;
  readonly signsAnew?: boolean;
}

/** Result of a buyer's call. */
export interface BilledCall {
  readonly requestId: string;
  /** Path and query that the buyer called. */
  readonly target: string;
  readonly customerId: string;
  /** Status of each attempt; 0 without one. */
  readonly attempts: readonly number[];
  /** The answer came to its end. */
  readonly isWhole: boolean;
  /** Absent where nothing is billed: the status is not 2xx. */
  readonly bill?: Count;
}

/** A gateway that is running. */
export interface GatewayStandIn {
  readonly url: string;
  readonly calls: readonly BilledCall[];
  stop(): Promise<void>;
}

/**
 * Stands between buyers and a seller's server as the marketplace's gateways do: takes a buyer's call with
 * `Authorization: Bearer <buyer>`, proves itself to the server, hands the answer on as it comes, and bills what it has read.
 */
export async function startGateway(settings: GatewaySettings): Promise<GatewayStandIn> {
  const calls: BilledCall[] = [];
  let number = 0;
  const server = createServer((incoming, outgoing) => {
    const mishap = settings.mishap?.(number) ?? {};
    number += 1;
    forward(settings, incoming, outgoing, mishap).then(
      (call) => calls.push(call),
      () => outgoing.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gateway got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function forward(
  settings: GatewaySettings,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  mishap: Mishap,
): Promise<BilledCall> {
  const { clock = Date.now } = settings;
  const requestId = randomUUID();
  const customerId = (incoming.headers.authorization ?? '').replace(/^Bearer /, '');
  const who = { requestId, customerId, target: incoming.url ?? '/' };
  const base = new URL(settings.backend);
  const call: PlainCall = {
    method: incoming.method ?? 'GET',
    target: `${base.pathname.replace(/\/$/, '')}${who.target}`,
    headers: { host: base.host, 'content-type': 'application/json', ...identity(settings.kind, requestId, customerId) },
    body: await buffer(incoming),
  };
  const signedAt = clock();
  const attempts: number[] = [];
  for (;;) {
    const headers = proven(settings, call, mishap.signsAnew ? clock() : signedAt);
    const answer = await ask(base, call, headers);
    attempts.push(answer?.statusCode ?? 0);
    const hasFailed = answer === undefined || !isBilled(answer.statusCode);
    if (hasFailed && attempts.length <= (mishap.repeats ?? 0)) {
      answer?.resume();
      continue;
    }
    if (answer === undefined) {
      outgoing.writeHead(502).end('{"error_code":"APIG.0201","error_msg":"Backend unavailable"}');
      return { ...who, attempts, isWhole: false };
    }
    const { isWhole, count } = await handOn(answer, outgoing, settings, mishap.cutAfter ?? Number.POSITIVE_INFINITY);
    return { ...who, attempts, isWhole, ...(isBilled(answer.statusCode) && { bill: count }) };
  }
}

/** Only answers of 2xx are billed. */
function isBilled(status = 0): boolean {
  return status >= 200 && status < 300;
}

function identity(kind: GatewaySettings['kind'], requestId: string, customerId: string): Record<string, string> {
  if (kind === 'apig') return { 'x-request-id': requestId };
  return { 'x-request-id': requestId, 'x-customer-id': customerId, 'x-customer-name': 'demo' };
}

function proven({ kind, key }: GatewaySettings, call: PlainCall, now: number): Record<string, string> {
  if (kind === 'apig') return signApig(call, key, now);
  return { ...call.headers, authorization: `Bearer ${agentsToken(key, now)}` };
}

function ask(base: URL, call: PlainCall, headers: Record<string, string>): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    const { hostname, port } = base;
    const asked = request({ hostname, port, path: call.target, method: call.method, headers, agent: false });
    asked.on('response', resolve);
    asked.on('error', () => resolve(undefined));
    asked.end(call.body);
  });
}

/** Hands an answer on at the buyer's pace, and counts it. A buyer who has left is still billed: the rest is read. */
async function handOn(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  { kind, billed = kind === 'agents' ? TOKEN_PATHS : [] }: GatewaySettings,
  cutAfter: number,
): Promise<{ isWhole: boolean; count: Count }> {
  const type = answer.headers['content-type'] ?? '';
  const counter = type.startsWith('text/event-stream') ? new StreamCounter(billed) : undefined;
  const parts: Buffer[] = [];
  let [passed, isWhole] = [0, true];
  outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': type });
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      const taken = chunk.subarray(0, Math.max(0, cutAfter - passed));
      passed += chunk.length;
      if (counter === undefined) parts.push(taken);
      else counter.add(taken);
      if (!outgoing.destroyed && !outgoing.write(taken))
        await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
      if (passed >= cutAfter) throw new Error('The gateway breaks the line.');
    }
    outgoing.end();
  } catch {
    isWhole = false;
    answer.destroy();
    outgoing.destroy();
  }
  return { isWhole, count: counter?.count ?? countAnswer(Buffer.concat(parts), billed) };
}
