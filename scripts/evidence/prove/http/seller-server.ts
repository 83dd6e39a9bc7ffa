import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/** An effect in the seller's system: at most one for each idempotency key, as the contract asks for. */
export interface SellerEffect {
  readonly key: string;
  readonly event: string;
  readonly instanceId: string;
}

/** Fault in one call of a hook. */
export type SellerFault = 'none' | 'fails before' | 'fails after' | 'answer lost';

/** A seller's server behind `KOOGATE_SELLER_URL` that keeps what happened. */
export interface SellerServer {
  readonly url: string;
  readonly effects: SellerEffect[];
  /** Number of its calls, with an effect or without. */
  calls: number;
  fault: () => SellerFault;
  stop(): Promise<void>;
}

/** Access that the seller's server gives each customer. */
export const ACCESS = {
  frontEndUrl: 'https://tenant.example.com',
  userName: 'owner-of-the-tenant',
  password: 'a-first-password-4711',
};

export async function startSeller(): Promise<SellerServer> {
  const known = new Set<string>();
  const http = createServer(async (request, response) => {
    const key = String(request.headers['webhook-id']);
    const { event, instance } = (await json(request)) as { event: string; instance: { instanceId: string } };
    seller.calls += 1;
    const fault = seller.fault();
    if (fault === 'fails before') return void response.writeHead(500).end();
    if (!known.has(key)) seller.effects.push({ key, event, instanceId: instance.instanceId });
    known.add(key);
    if (fault === 'fails after') return void response.writeHead(500).end();
    if (fault === 'answer lost') return void response.destroy();
    response.end(JSON.stringify(event === 'provision' ? { access: ACCESS } : {}));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('The seller got no port.');
  const seller: SellerServer = {
    url: `http://127.0.0.1:${address.port}`,
    effects: [],
    calls: 0,
    fault: () => 'none',
    stop: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  return seller;
}
