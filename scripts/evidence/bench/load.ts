import { Agent, request } from 'node:http';
import { purchase, signedQuery } from './events.ts';

/** Connections of the load. */
export const CONNECTIONS = 8;

/** Opens the load's connections as they are needed. */
export function loadAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
}

/** Calls to be made: where to, signed with which key, and the result code that each must be answered. */
export interface Load {
  readonly url: string;
  readonly key: string;
  readonly messages: readonly object[];
  readonly resultCode: string;
}

/**
 * Makes the calls over the agent's connections. @returns milliseconds that each took, and all of them together
 * @throws Error at an answer with another code
 */
export async function send({ url, key, messages, resultCode }: Load, agent: Agent) {
  const bodies = messages.map((message) => JSON.stringify(message));
  const signed = bodies.map((body) => ({ body, query: signedQuery(key, body) }));
  const each: number[] = [];
  const began = performance.now();
  let next = 0;
  const worker = async () => {
    for (let one = signed[next++]; one !== undefined; one = signed[next++]) {
      const started = performance.now();
      const text = await post(`${url}?${one.query}`, one.body, agent);
      if (!text.includes(`"${resultCode}"`)) throw new Error(`Expected ${resultCode}, got ${text} to ${one.body}`);
      each.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return { each, all: performance.now() - began };
}

/** Makes `count` purchases and gives their number a second. */
export async function purchaseRate(url: string, key: string, count: number, agent: Agent): Promise<number> {
  const messages = Array.from({ length: count }, () => purchase());
  const { all } = await send({ url, key, messages, resultCode: '000004' }, agent);
  return count / (all / 1_000);
}

function post(url: string, body: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json;charset=utf8', 'content-length': Buffer.byteLength(body) };
    request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    })
      .on('error', reject)
      .end(body);
  });
}
