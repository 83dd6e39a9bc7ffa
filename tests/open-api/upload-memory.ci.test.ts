import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createMarketplaceClient } from '../../lib/open-api/index.ts';
import { KEYS, NOW } from './world.ts';

test('an upload holds a small part of it in memory at a time', async () => {
  const MB = 1024 * 1024;
  const block = Buffer.alloc(MB, 'x');
  let produced = 0;
  let arrived = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    for await (const chunk of request) {
      arrived += chunk.length;
      await turn();
    }
    response.end(JSON.stringify({ error_code: 'MKT.0000' }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const client = createMarketplaceClient({
    site: { baseUrl: `http://127.0.0.1:${port}` },
    keys: KEYS,
    clock: () => NOW,
  });
  let reads = 0;
  const content = async function* () {
    reads += 1;
    for (let count = 0; count < 96; count += 1) {
      if (reads === 2) {
        produced += MB;
        most = Math.max(most, produced - arrived);
      }
      yield block;
    }
  };
  await client.uploadFile('evt-10', { name: 'big', content });
  server.close();
  expect(arrived).toBeGreaterThan(96 * MB);
  // What is under way lies in the sockets' buffers of both ends.
  expect(most).toBeLessThan(24 * MB);
  console.log(`upload of 96 MB: at most ${(most / MB).toFixed(1)} MB under way`);
});
