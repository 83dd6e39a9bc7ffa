import { constants, createCipheriv, createHash, privateDecrypt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { act, debug, invalid } from './act.ts';
import type { Heard, Instance, Members, Reply, Settings } from './settings.ts';
import { familyKey, mac, nameOf, parameter, parseMembers, verify } from './verify.ts';

export const KEYS = {
  base: ['6f9a1a52-3c1f-4f0d-9a37-2d8f5f7a1c10'],
  kit: ['1b0e6a52-77aa-4c0e-8f6a-8a3f3a1f9b7c'],
  license: ['a2d4a1de-0e58-49a9-b7c0-6f6f1e0d4b3a'],
  general: ['e0c4e9b0-90c0-4a7e-8d7e-0b9f5a7c1d2e'],
} as const;

/** A small server that does everything right, with every rule exchangeable for a wrong one. */
export function referenceSettings(over: Partial<Settings> = {}): Settings {
  const seen = new Set<string>();
  return {
    keys: KEYS,
    clock: Date.now,
    verify,
    window: (timestamp, now) => /^\d{13}$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= 60_000,
    nonce: (nonce) => !seen.has(nonce) && Boolean(seen.add(nonce)),
    bodySign: (key, body) => `sign_type="HMAC-SHA256", signature= "${mac(key, body).toString('base64')}"`,
    signRefusals: true,
    statusOfRefusal: 200,
    contentType: 'application/json',
    spell: (name) => name,
    acceptsType: (type) => type.startsWith('application/json'),
    serialise: (reply) =>
      JSON.stringify(reply).replaceAll(
        /[^\x20-\x7e]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    invalid,
    debug,
    isTest: ({ testFlag }) => testFlag === '1' || testFlag === 1,
    act,
    unknownActivity: () => ({ resultCode: '000002', resultMsg: 'unknown activity' }),
    sealAccess,
    instances: new Map<string, Instance>(),
    newId: ({ orderId, orderLineId }) =>
      createHash('sha256').update(`${orderId}|${orderLineId}`).digest('hex').slice(0, 36),
    delay: () => 0,
    access: {
      frontEndUrl: 'https://acme.saas.example.com',
      userName: 'owner',
      password: 'Initial-1234',
      memo: '首次登录请修改密码',
    },
    ...over,
  };
}

/** AES-256 under the key that Java would draw; the second draw is written out for these two SHA-1 blocks. */
function sealAccess(accessKey: string, text: string): string {
  const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest();
  const state = sha1(Buffer.from(accessKey));
  const first = sha1(state);
  let carry = 1;
  const next = Buffer.from(state);
  for (let index = 0; index < 20; index += 1) {
    const sum = state.readInt8(index) + first.readInt8(index) + carry;
    next[index] = sum & 255;
    carry = sum >> 8;
  }
  const key = Buffer.concat([first, sha1(next)]).subarray(0, 32);
  const cipher = createCipheriv('aes-256-cbc', key, 'A1b2C3d4E5f6G7h8');
  return `A1b2C3d4E5f6G7h8${cipher.update(text, 'utf8', 'base64')}${cipher.final('base64')}`;
}

export interface Running {
  /** Production address. */
  readonly at: string;
  /** Address that tells the state of `{instanceId}`. */
  readonly state: string;
  readonly settings: Settings;
  close(): Promise<void>;
}

/** Starts a server with these settings on a free port of the loopback. */
export async function startServer(settings: Settings): Promise<Running> {
  const server: Server = createServer((request, response) => {
    respond(request, response, settings).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    at: `http://127.0.0.1:${port}/produce/demo`,
    state: `http://127.0.0.1:${port}/state/{instanceId}`,
    settings,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, settings: Settings): Promise<void> {
  const heard = await hear(request);
  if (heard === undefined) return;
  if (heard.path.startsWith('/state/')) {
    const instance = settings.instances.get(decodeURIComponent(heard.path.slice('/state/'.length)));
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        state: instance?.state ?? 'NONE',
        expiresAt: instance?.expiresAt,
        skuCode: instance?.skuCode,
        seats: instance?.seats,
        count: settings.instances.size,
      }),
    );
    return;
  }
  if (settings.statusOfOtherMethods !== undefined && heard.method !== 'GET' && heard.method !== 'POST') {
    response.writeHead(settings.statusOfOtherMethods).end();
    return;
  }
  const { status, type, body, sign } = await answer(heard, settings);
  const { spell } = settings;
  response.writeHead(status, {
    [spell('Content-Type')]: type,
    ...(sign !== undefined && { [spell('Body-Sign')]: sign }),
  });
  response.end(body);
}

async function hear(request: IncomingMessage): Promise<Heard | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part);
  } catch {
    return undefined;
  }
  const [path = '', ...query] = (request.url ?? '').split('?');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method: request.method ?? '', path, query: query.join('?'), headers, body: Buffer.concat(parts) };
}

async function answer(
  heard: Heard,
  settings: Settings,
): Promise<{ status: number; type: string; body: Buffer; sign: string | undefined }> {
  const members = parseMembers(heard);
  const activity = heard.path.includes('/produceAPI/')
    ? (heard.path.split('/').at(-1) ?? '')
    : nameOf(members?.activity);
  const proof = heard.body.length > 1_000_000 ? { refused: '000002' } : settings.verify(heard, settings);
  const key = 'key' in proof ? proof.key : (settings.keys[familyKey(heard)][0] ?? '');
  const reply =
    'refused' in proof
      ? { resultCode: proof.refused, resultMsg: 'refused' }
      : await carryOut(heard, activity, members, settings, key);
  await new Promise((resolve) => setTimeout(resolve, settings.delay(activity)));
  const body = Buffer.from(settings.serialise(reply));
  const refused = reply.resultCode !== '000000' && reply.resultCode !== '000004';
  return {
    status: refused ? settings.statusOfRefusal : 200,
    type: settings.contentType,
    body,
    sign: refused && !settings.signRefusals ? undefined : settings.bodySign(key, body, heard),
  };
}

async function carryOut(
  heard: Heard,
  activity: string,
  members: Members | undefined,
  settings: Settings,
  key: string,
): Promise<Reply> {
  if (members === undefined) return { resultCode: '000002', resultMsg: 'no JSON object' };
  if (heard.method === 'POST' && !settings.acceptsType(heard.headers['content-type'] ?? ''))
    return { resultCode: '000002', resultMsg: 'content type' };
  const wrong = settings.invalid(activity, members);
  if (wrong?.resultMsg === 'unknown activity') return settings.unknownActivity(activity);
  if (wrong !== undefined) return wrong;
  if (activity === 'applicationSync' && !opens(members, settings))
    return { resultCode: '000101', resultMsg: 'clientSecret' };
  if (settings.isTest(members)) return settings.debug(activity, members, settings, key);
  const sentAt = Number(parameter(heard.query, 'timestamp') ?? heard.headers['x-timestamp'] ?? Date.now());
  return settings.act(activity, members, settings, key, sentAt);
}

function opens({ clientSecret }: Members, { privateKey }: Settings): boolean {
  if (privateKey === undefined) return false;
  try {
    privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from(String(clientSecret), 'base64'),
    );
    return true;
  } catch {
    return false;
  }
}
