import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Capacity that the engine charged, index updates included; by table. */
export interface Meter {
  readonly endpoint: string;
  readonly read: Map<string, number>;
  readonly write: Map<string, number>;
  /** Units of the observations of calls, which are among those written. */
  observed(): number;
  stop(): Promise<void>;
}

const WRITES = /\.(PutItem|UpdateItem|DeleteItem|BatchWriteItem)$/;

/** Beginning of the keys of observations, as it stands in a request. */
const OBSERVED = '"OBSERVED#';

/** Stands before the engine and asks for the capacity that each request consumes, whoever sends it. */
export async function startMeter(endpoint: string): Promise<Meter> {
  const [read, write] = [new Map<string, number>(), new Map<string, number>()];
  let observed = 0;
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (incoming, outgoing) => {
    const { host: _, 'content-length': __, ...headers } = incoming.headers;
    const sent = await text(incoming);
    const body = { ...JSON.parse(sent), ReturnConsumedCapacity: 'INDEXES' };
    const forward = request(endpoint, { method: 'POST', agent, headers }, async (response) => {
      const answer = await text(response);
      const { ConsumedCapacity } = JSON.parse(answer);
      const isWrite = WRITES.test(String(incoming.headers['x-amz-target']));
      const units = isWrite ? write : read;
      for (const { TableName, CapacityUnits } of [ConsumedCapacity ?? []].flat()) {
        units.set(TableName, (units.get(TableName) ?? 0) + CapacityUnits);
        if (isWrite && sent.includes(OBSERVED)) observed += CapacityUnits;
      }
      // A failed condition is charged as a write of the item that was there, and the engine reports nothing.
      outgoing.writeHead(response.statusCode ?? 500, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
    });
    forward.on('error', () => outgoing.destroy()).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The meter got no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    read,
    write,
    observed: () => observed,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
