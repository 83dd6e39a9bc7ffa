import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PreparedCall } from './prepare.ts';

/* Calls that do not end as they should: a line that is cut, an answer nobody waits for. */

/** The bytes of a call as HTTP/1.1. */
function wire(call: PreparedCall): { head: Buffer; body: Buffer } {
  const { host, pathname, search } = new URL(call.url);
  const body = call.body ?? Buffer.alloc(0);
  const headers = { ...call.headers, host, connection: 'close', 'content-length': String(body.length) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return { head: Buffer.from(`${call.method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`), body };
}

function open(call: PreparedCall, insecure: boolean): Socket {
  const { protocol, hostname, port } = new URL(call.url);
  if (protocol === 'http:') return connectPlain(Number(port || 80), hostname);
  return connectTls({ host: hostname, servername: hostname, port: Number(port || 443), rejectUnauthorized: !insecure });
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends the whole call and hangs up `after` milliseconds later, whatever comes. */
export async function hangUp(call: PreparedCall, after: number, insecure = false): Promise<void> {
  const { head, body } = wire(call);
  await withSocket(call, insecure, async (socket) => {
    socket.write(Buffer.concat([head, body]));
    await pause(after);
  });
}

/** Sends half of the body and cuts the line. */
export async function cutHalfway(call: PreparedCall, insecure = false): Promise<void> {
  const { head, body } = wire(call);
  await withSocket(call, insecure, async (socket) => {
    socket.write(Buffer.concat([head, body.subarray(0, body.length / 2)]));
    await pause(50);
  });
}

/** Sends the body in small pieces with pauses, then waits for the status line. @returns the status, or undefined */
export async function dribble(
  call: PreparedCall,
  pieces: number,
  gap: number,
  insecure = false,
): Promise<number | undefined> {
  const { head, body } = wire(call);
  let heard = '';
  await withSocket(call, insecure, async (socket) => {
    socket.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
    });
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write(head);
    const size = Math.ceil(body.length / pieces);
    for (let at = 0; at < body.length; at += size) {
      await pause(gap);
      socket.write(body.subarray(at, at + size));
    }
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  });
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(heard)?.[1];
  return status === undefined ? undefined : Number(status);
}

async function withSocket(
  call: PreparedCall,
  insecure: boolean,
  use: (socket: Socket) => Promise<void>,
): Promise<void> {
  const socket = open(call, insecure);
  socket.on('error', () => undefined);
  try {
    await use(socket);
  } finally {
    socket.destroy();
  }
}
