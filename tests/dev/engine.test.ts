import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../scripts/dev/engine.ts';

describe('freePort', () => {
  it('gives ports that no outgoing connection takes, each once', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    expect(new Set(ports).size).toBe(50);
    // The lowest that Linux (32768), macOS and Windows (49152) take for themselves.
    expect(ports.filter((port) => port < 1024 || port >= 32_768)).toEqual([]);
  });

  it('gives ports on which a server can listen at once', async () => {
    const server = createServer().listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    await new Promise((resolve) => server.close(resolve));
  });
});
