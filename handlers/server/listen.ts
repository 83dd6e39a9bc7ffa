import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { StartRefused } from './start-refused.ts';

/**
 * Binds a listener.
 * @param place `host:port`, or the path of a Unix socket, which only this user may use
 * @returns where it listens, with the port that the system gave for 0
 * @throws StartRefused if the place is taken or cannot be had
 */
export async function listen(server: Server, place: string): Promise<string> {
  const isSocket = place.startsWith('/');
  if (isSocket) await rm(place, { force: true }); // one that a killed server left behind
  const mark = place.lastIndexOf(':');
  const host = place.slice(0, mark).replace(/^\[|\]$/g, '');
  const mask = isSocket ? process.umask(0o177) : undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const listening = () => {
        server.off('error', reject);
        resolve();
      };
      if (isSocket) server.listen(place, listening);
      else server.listen(Number(place.slice(mark + 1)), host, listening);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw new StartRefused(1, `Nothing can be bound to ${place}: ${message}.`);
    throw new StartRefused(1, `${place} is in use: stop what listens there, or set PORT or server.private to another.`);
  } finally {
    if (mask !== undefined) process.umask(mask);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? `${host}:${address.port}` : place;
}
