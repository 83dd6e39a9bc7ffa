/**
 * Stand-ins of chat robots, on one HTTP port of loopback: they check signatures, shapes, sizes and rates as their vendors
 * document them, and answer with the vendors' codes. Their signatures are computed by WebCrypto, not by the product.
 * Sources: as in docs/alarms.md.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** Kind of a stand-in; Feishu and Lark are one. */
export type StandInKind = 'wecom' | 'dingtalk' | 'feishu' | 'slack';

/** A message that a robot has taken. */
export interface TakenMessage {
  readonly kind: StandInKind;
  /** The text, as the chat would show it. */
  readonly text: string;
  /** The robot's own time, Unix milliseconds. */
  readonly at: number;
}

/** Robots that listen. */
export interface StandInRobots {
  /** Address of each robot, with its secret behind a number sign, as it stands in the secrets. */
  readonly addresses: Readonly<Record<StandInKind, string>>;
  readonly taken: readonly TakenMessage[];
  /** Refusals, as `kind code`. */
  readonly refused: readonly string[];
  /** Robots that answer nobody but with an error. */
  readonly broken: Set<StandInKind>;
  close(): Promise<void>;
}

/** An answer: a status and a text. */
type Reply = readonly [status: number, text: string];

interface Call {
  readonly url: URL;
  readonly type: string;
  readonly body: string;
  readonly now: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const KEY = '693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa';
const TOKEN = 'f4a1c2d3e4b5968778695a4b3c2d1e0f';
const HOOK = '0c1d2e3f-1111-2222-3333-444455556666';
const SERVICE = 'T0000KOOG/B0000GATE/Xabcdefghijklmnopqrstuvw';
const DINGTALK_SECRET = 'SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd';
const FEISHU_SECRET = 'kYb3nZq7Rr1FvTt5Wx9aAA';

const failure = (code: number, errmsg: string): Reply => [200, JSON.stringify({ errcode: code, errmsg })];

/** Starts the robots. @param now Unix milliseconds of the robots' own clock */
export async function startRobots(now: () => number): Promise<StandInRobots> {
  const taken: TakenMessage[] = [];
  const refused: string[] = [];
  const broken = new Set<StandInKind>();
  const tried = new Map<StandInKind, number[]>();
  const isTooFast = (kind: StandInKind, messages: number, withinMs: number) => {
    const at = now();
    const recent = (tried.get(kind) ?? []).filter((one) => one > at - withinMs);
    return recent.length >= messages;
  };
  const take = (kind: StandInKind, text: string, reply: Reply): Reply => {
    taken.push({ kind, text, at: now() });
    tried.set(kind, [...(tried.get(kind) ?? []), now()]);
    return reply;
  };

  const wecom = ({ url, body }: Call): Reply => {
    if (url.searchParams.get('key') !== KEY) return failure(93000, `invalid webhook url ${url.search}`);
    if (isTooFast('wecom', 20, MINUTE_MS)) return failure(45009, 'api freq out of limit');
    const { msgtype, markdown } = JSON.parse(body);
    if (msgtype !== 'markdown' || typeof markdown?.content !== 'string') return failure(40008, 'invalid message type');
    if (Buffer.from(markdown.content).length > 4_096) return failure(40058, 'markdown.content exceed max length 4096');
    return take('wecom', markdown.content, failure(0, 'ok'));
  };

  const dingtalk = async ({ url, body, now: at }: Call): Promise<Reply> => {
    const { access_token, timestamp = '', sign } = Object.fromEntries(url.searchParams);
    if (access_token !== TOKEN) return failure(300001, `token is not exist: ${access_token}`);
    if (Math.abs(at - Number(timestamp)) > HOUR_MS) return failure(310000, 'invalid timestamp');
    if (sign !== (await hmac(DINGTALK_SECRET, `${timestamp}\n${DINGTALK_SECRET}`)))
      return failure(310000, 'sign not match');
    if (isTooFast('dingtalk', 20, MINUTE_MS)) return failure(130101, 'send too fast, exceed 20 times per minute');
    if (Buffer.from(body).length > 20_000) return failure(460101, 'message too long, exceed 20000 bytes');
    const { msgtype, markdown } = JSON.parse(body);
    if (msgtype !== 'markdown' || !markdown?.title || !markdown.text) return failure(40035, 'missing title or text');
    return take('dingtalk', markdown.text, failure(0, 'ok'));
  };

  const feishu = async ({ url, body, now: at }: Call): Promise<Reply> => {
    const failed = (code: number, msg: string): Reply => [200, JSON.stringify({ code, msg, data: {} })];
    if (!url.pathname.endsWith(`/${HOOK}`))
      return failed(19001, 'param invalid: incoming webhook access token invalid');
    const { timestamp, sign, msg_type, content } = JSON.parse(body);
    const isTimely = Math.abs(at / 1_000 - Number(timestamp)) <= HOUR_MS / 1_000;
    if (typeof timestamp !== 'string' || !isTimely || sign !== (await hmac(`${timestamp}\n${FEISHU_SECRET}`, '')))
      return failed(19021, 'sign match fail or timestamp is not within one hour from current time');
    if (isTooFast('feishu', 100, MINUTE_MS) || isTooFast('feishu', 5, 1_000))
      return [429, JSON.stringify({ code: 11232, msg: 'frequency limited psm[lark.oapi.app_platform_runtime]' })];
    if (Buffer.from(body).length > 20 * 1_024) return failed(9499, 'Bad Request: body too large');
    if (msg_type !== 'text' || typeof content?.text !== 'string') return failed(9499, 'Bad Request');
    return take('feishu', content.text, failed(0, 'success'));
  };

  const slack = ({ url, type, body }: Call): Reply => {
    if (url.pathname !== `/services/${SERVICE}`) return [404, 'no_service'];
    if (isTooFast('slack', 1, 1_000)) return [429, 'rate_limited'];
    if (!type.startsWith('application/json')) return [400, 'invalid_payload'];
    const { text } = JSON.parse(body);
    if (typeof text !== 'string' || text === '') return [400, 'no_text'];
    if (text.length > 40_000) return [400, 'msg_too_long'];
    return take('slack', text, [200, 'ok']);
  };

  const ROUTES: readonly [string, StandInKind, (call: Call) => Reply | Promise<Reply>][] = [
    ['/cgi-bin/webhook/send', 'wecom', wecom],
    ['/robot/send', 'dingtalk', dingtalk],
    ['/open-apis/bot/v2/hook/', 'feishu', feishu],
    ['/services/', 'slack', slack],
  ];

  const answer = async (request: IncomingMessage, body: string): Promise<Reply> => {
    const url = new URL(request.url ?? '/', 'http://robots');
    const [, kind, reply] = ROUTES.find(([path]) => url.pathname.startsWith(path)) ?? [];
    if (kind === undefined || reply === undefined || request.method !== 'POST') return [404, 'not found'];
    if (broken.has(kind)) return [502, '<html>Bad Gateway</html>'];
    const given = await reply({ url, body, type: request.headers['content-type'] ?? '', now: now() });
    if (taken.at(-1)?.kind !== kind || !/^ok$|"(errcode|code)":0\b/.test(given[1])) refused.push(`${kind} ${given[1]}`);
    return given;
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [status, text] = await answer(request, Buffer.concat(chunks).toString());
    response.writeHead(status).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${Object(server.address()).port}`;
  return {
    addresses: {
      wecom: `${base}/cgi-bin/webhook/send?key=${KEY}`,
      dingtalk: `${base}/robot/send?access_token=${TOKEN}#${DINGTALK_SECRET}`,
      feishu: `${base}/open-apis/bot/v2/hook/${HOOK}#${FEISHU_SECRET}`,
      slack: `${base}/services/${SERVICE}`,
    },
    ...{ taken, refused, broken },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** HMAC-SHA256 in base64, by WebCrypto. */
async function hmac(key: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', encoder.encode(key), algorithm, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', imported, encoder.encode(text))).toString('base64');
}
