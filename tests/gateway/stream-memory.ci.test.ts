import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { agentsGateway } from '../../lib/gateway/index.ts';
import { APP_KEYS, ISSUED_AT, TOKENS } from './vectors.ts';

test('a stream of 100 MB holds a small part of it in memory at a time', async () => {
  const MB = 1024 * 1024;
  const event = Buffer.from(`data: {"choices":[{"delta":{"content":"${'x'.repeat(64 * 1024)}"}}]}\n\n`);
  let produced = 0;
  let arrived = 0;
  let most = 0;
  const source = async function* () {
    while (produced < 100 * MB) {
      produced += event.length;
      most = Math.max(most, produced - arrived);
      yield event;
    }
  };
  const gateway = agentsGateway({ keys: APP_KEYS, clock: () => ISSUED_AT });
  const server = createServer(
    gateway(({ stream }) => stream(source(), () => ({ 'usage.completion_tokens': 7 }))),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    headers: { authorization: `Bearer ${TOKENS['agents-jwt-exp-millis']}` },
  });
  let last = '';
  for await (const chunk of response.body ?? []) {
    arrived += chunk.length;
    last = Buffer.from(chunk).toString('latin1').slice(-200);
    await turn();
  }
  server.close();
  expect(arrived).toBeGreaterThan(100 * MB);
  expect(last).toMatch(/"completion_tokens":7,"total_tokens":7\}\}\n\n$/);
  // What is under way lies in the sockets' buffers of both ends.
  expect(most).toBeLessThan(24 * MB);
  console.log(`stream of 100 MB: at most ${(most / MB).toFixed(1)} MB under way`);
});
