import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { documented } from './errors.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { batchActivation, licenseActivation } from './license-activate.ts';
import { batchQuery, licenseQuery } from './license-query.ts';
import { createLicenseBook, type LicenseBook } from './licenses.ts';
import { type ApiAnswer, answered, type OpenApi, type VerifiedRequest } from './open-api.ts';
import { answerOrderDesk } from './order-desk.ts';
import { orderQuery } from './order-query.ts';
import { fileShelf, memoryShelf } from './order-shelf.ts';
import { createOrderBook, type OrderBook } from './orders.ts';
import { refuseSignature } from './signature.ts';
import { softwareUsage } from './software-usage.ts';
import { type Upload, upload } from './upload.ts';
import { createUsageLedger, type UsageLedger } from './usage-ledger.ts';
import { usagePush } from './usage-push.ts';
import { oldUsagePush } from './usage-push-old.ts';

/** Key pair of the seller's account, as the stand-in knows it. */
export interface StandInKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The keys are temporary: each request must carry this, signed. */
  readonly securityToken?: string;
}

/** The marketplace's open APIs on loopback. */
export interface StandIn {
  readonly url: string;
  readonly orders: OrderBook;
  /** Numbers of the orders given out so far, in the order of the calls. */
  readonly asked: readonly string[];
  /** Usage that was reported, and what of it will be charged. */
  readonly usage: UsageLedger;
  readonly licenses: LicenseBook;
  /** Uploads that arrived, in order. */
  readonly uploads: readonly Upload[];
  /** Bodies of the software usage reports, in order. */
  readonly softwareUsage: readonly unknown[];
  /** Reasons for which signatures were refused, in order. */
  readonly refused: readonly string[];
  readonly faults: Faults;
  stop(): Promise<void>;
}

/** Starts a stand-in for the marketplace's open APIs that takes requests signed with the keys, and nothing else. */
export async function startStandIn(options: {
  keys: StandInKeys;
  /** The access key of the base interfaces that the marketplace knows, or one a product; a usage push needs it. */
  accessKey?: string | readonly string[];
  port?: number;
  clock?: () => number;
  /** File with orders of its own, which keeps those that are made meanwhile; none unless told. */
  ordersFile?: string;
}): Promise<StandIn> {
  const { keys, accessKey = [], port = 0, clock = Date.now, ordersFile } = options;
  const orders = createOrderBook(ordersFile === undefined ? memoryShelf() : fileShelf(ordersFile));
  const asked: string[] = [];
  const usage = createUsageLedger();
  const licenses = createLicenseBook();
  const uploads: Upload[] = [];
  const reports: unknown[] = [];
  const refused: string[] = [];
  const faults = createFaults();
  const apis: readonly OpenApi[] = [
    orderQuery(orders, (orderId) => asked.push(orderId)),
    upload((one) => uploads.push(one)),
    usagePush(usage, [accessKey].flat()),
    oldUsagePush(usage),
    licenseActivation(licenses),
    batchActivation(licenses),
    licenseQuery(licenses),
    batchQuery(licenses),
    softwareUsage(licenses, (report) => reports.push(report)),
  ];

  const answer = async (incoming: IncomingMessage): Promise<ApiAnswer | 'cut'> => {
    const { method = '', url: target = '/', headers } = incoming;
    const body = await buffer(incoming);
    const { pathname, searchParams } = new URL(target, 'http://stand-in');
    const own = answerOrderDesk({ method, pathname, body, now: clock() }, orders, asked);
    if (own !== undefined) return own;
    const { api, eventId = '' } = find(apis, method, pathname) ?? {};
    if (api === undefined) return answered(404, 'APIG.0101', 'The API does not exist');
    const refusal = refuseSignature({ method, target, headers, body }, keys, clock());
    if (refusal !== undefined) {
      refused.push(refusal.message);
      return answered(refusal.status, refusal.code, refusal.message);
    }
    return meet(api, { query: searchParams, headers, body, eventId, now: clock() }, faults.take(api.name));
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming).then(
      (given) => (given === 'cut' ? outgoing.destroy() : send(outgoing, given)),
      (error) => send(outgoing, { status: 500, body: { resultCode: 'MKT.0999', resultMsg: String(error) } }),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    orders,
    asked,
    usage,
    licenses,
    uploads,
    softwareUsage: reports,
    refused,
    faults,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The API that a path means, and the event id in it. */
function find(apis: readonly OpenApi[], method: string, pathname: string) {
  for (const api of apis) {
    const [before = '', after] = api.path.split('{event_id}');
    if (api.method !== method || !pathname.startsWith(before)) continue;
    if (after === undefined) {
      if (pathname === before) return { api };
      continue;
    }
    const segment = pathname.slice(before.length, -after.length);
    if (pathname === before + segment + after && /^[^/]+$/.test(segment)) {
      return { api, eventId: decodeURIComponent(segment) };
    }
  }
  return undefined;
}

/** Lets the fault (if any) do its work before, after, or in place of the API. */
function meet(api: OpenApi, request: VerifiedRequest, fault: Fault | undefined): ApiAnswer | 'cut' {
  if (fault === undefined) return api.answer(request);
  const { code, status, body, cut, taken } = fault;
  const given = taken ? api.answer(request) : undefined;
  if (cut) return 'cut';
  const meant =
    code !== undefined
      ? documented(api.name, code)
      : status !== undefined && body === undefined
        ? { status, body: '<html>the proxy is out of order</html>' }
        : (given ?? api.answer(request));
  return { status: status ?? meant.status, body: body ?? meant.body };
}

function send(outgoing: ServerResponse, { status, body }: ApiAnswer): void {
  outgoing
    .writeHead(status, { 'content-type': 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
}
