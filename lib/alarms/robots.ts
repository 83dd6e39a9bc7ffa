/**
 * Robots of chats. Each has a webhook's address that is a secret, most sign, and each has limits; what differs is a table.
 * Whoever answers anything but success has not heard.
 * Sources: https://developer.work.weixin.qq.com/document/path/91770 (WeCom),
 * https://open.dingtalk.com/document/orgapp/custom-robot-access (DingTalk),
 * https://open.larkoffice.com/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN (Feishu and Lark),
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (Slack)
 */
import { createHmac } from 'node:crypto';
import type { RobotKind } from '../config/alarm-settings.ts';
import { type Answer, checkedUrl, exchange } from '../http.ts';
import { fitText } from './fit-text.ts';
import { createPace, type Limit } from './pace.ts';
import type { Receiver } from './receivers.ts';
import type { Text } from './rules.ts';

/** Address of a robot, in its parts. */
export interface RobotAddress {
  readonly url: URL;
  /** Key of its signatures; empty for robots that have none. */
  readonly secret: string;
}

/** A request to a robot. */
interface RobotRequest {
  readonly url: URL;
  readonly body: object;
}

/** Differences of a kind of robot. */
interface Robot {
  /** Form of its address, for whoever has to write it. */
  readonly form: string;
  readonly isSigned: boolean;
  /** Language that comes first, and alone where both are too long. */
  readonly first: keyof Text;
  readonly limits: readonly Limit[];
  /** Tells whether a message is within the limit of size. */
  fits(text: string): boolean;
  /** Makes text harmless: it can neither call people nor hide links. */
  plain(text: string): string;
  request(address: RobotAddress, title: string, text: string, now: number): RobotRequest;
  /** Reads the answer. @returns why it was refused, undefined if it was not */
  refusal(answer: Answer): string | undefined;
}

const MINUTE_MS = 60_000;
/** Bytes of a WeCom robot's markdown. */
const WECOM_BYTES = 4_096;
/** Bytes of a DingTalk robot's body, with what surrounds the text. */
const DINGTALK_BYTES = 20_000;
/** Bytes of a Feishu robot's body: 20 KB, with what surrounds the text. */
const FEISHU_BYTES = 20_000;
/** Characters of a message that Slack shows as one. */
const SLACK_CHARACTERS = 4_000;
/** Bytes kept for what surrounds the text in a body. */
const AROUND_BYTES = 500;
const ANSWER_LIMIT_BYTES = 64 * 1024;
/** Characters of an answer that are repeated. */
const REPEATED_CHARACTERS = 160;

const bytesOf = (text: string): number => Buffer.byteLength(text);
/** Bytes of a text as a JSON string. */
const jsonBytesOf = (text: string): number => bytesOf(JSON.stringify(text));
const unlinked = (text: string): string => text.replaceAll('<', '＜').replaceAll('>', '＞').replaceAll('](', '] (');

/** Answers of WeCom and DingTalk have `errcode`, those of Feishu `code`; 0 is success. */
function refusalBy(code: 'errcode' | 'code', message: 'errmsg' | 'msg'): Robot['refusal'] {
  return ({ status, text = '' }) => {
    const answer = status === 200 ? parsed(text) : {};
    if (answer[code] === 0) return undefined;
    if (answer[code] === undefined) return `HTTP ${status} without ${code}`;
    return `${code} ${String(answer[code])} (${String(answer[message] ?? '')})`;
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

const feishu = (host: string, first: keyof Text): Robot => ({
  form: `https://${host}/open-apis/bot/v2/hook/…#<secret>`,
  isSigned: true,
  first,
  limits: [
    { messages: 5, withinMs: 1_000 },
    { messages: 100, withinMs: MINUTE_MS },
  ],
  fits: (text) => jsonBytesOf(text) <= FEISHU_BYTES - AROUND_BYTES,
  plain: unlinked,
  request: ({ url, secret }, title, text, now) => {
    const timestamp = String(Math.floor(now / 1_000));
    const sign = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64'); // of nothing, as documented
    return { url, body: { timestamp, sign, msg_type: 'text', content: { text: `${title}\n${text}` } } };
  },
  refusal: refusalBy('code', 'msg'),
});

const ROBOTS: Readonly<Record<RobotKind, Robot>> = {
  wecom: {
    form: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…',
    isSigned: false,
    first: 'zh',
    limits: [{ messages: 20, withinMs: MINUTE_MS }],
    fits: (text) => bytesOf(text) <= WECOM_BYTES - AROUND_BYTES,
    plain: unlinked,
    request: ({ url }, title, text) => ({
      url,
      body: { msgtype: 'markdown', markdown: { content: `**${title}**\n${text}` } },
    }),
    refusal: refusalBy('errcode', 'errmsg'),
  },
  dingtalk: {
    form: 'https://oapi.dingtalk.com/robot/send?access_token=…#SEC…',
    isSigned: true,
    first: 'zh',
    limits: [{ messages: 20, withinMs: MINUTE_MS }],
    fits: (text) => jsonBytesOf(text) + 2 * text.split('\n').length <= DINGTALK_BYTES - AROUND_BYTES,
    plain: unlinked,
    request: ({ url, secret }, title, text, now) => {
      const signed = new URL(url);
      signed.searchParams.set('timestamp', String(now));
      signed.searchParams.set('sign', createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64'));
      const lines = text.replaceAll('\n', '  \n'); // two spaces end a line in its markdown
      return { url: signed, body: { msgtype: 'markdown', markdown: { title, text: `**${title}**  \n${lines}` } } };
    },
    refusal: refusalBy('errcode', 'errmsg'),
  },
  feishu: feishu('open.feishu.cn', 'zh'),
  lark: feishu('open.larksuite.com', 'en'),
  slack: {
    form: 'https://hooks.slack.com/services/…',
    isSigned: false,
    first: 'en',
    limits: [{ messages: 1, withinMs: 1_000 }],
    fits: (text) => text.length <= SLACK_CHARACTERS - AROUND_BYTES,
    plain: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    request: ({ url }, title, text) => ({ url, body: { text: `*${title}*\n${text}` } }),
    refusal: ({ status, text = '' }) => (status === 200 && text === 'ok' ? undefined : `HTTP ${status} (${text})`),
  },
};

/** Reads the address of a robot. @throws Error that repeats nothing of it */
export function robotAddress(name: string, kind: RobotKind, text: string): RobotAddress {
  const { form, isSigned } = ROBOTS[kind];
  const [address = '', secret = ''] = text.split('#');
  const url = checkedUrl(address, `receivers.${name}`);
  if (isSigned ? /^[\w-]{8,128}$/.test(secret) : secret === '') return { url, secret };
  const advice = isSigned
    ? "behind the number sign stands the secret that the robot's security settings show once signing is on"
    : 'this kind of robot has no secret behind a number sign';
  throw new Error(`receivers.${name} must be ${form}: ${advice}.`);
}

/** Clock and waiting of a robot. */
export interface RobotTools {
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/**
 * Posts each message to a robot, within its limits: signed where it can be, in both languages where both fit.
 * @param address gives the webhook's address, with `#<secret>` behind it where the robot signs
 */
export function robotReceiver(
  name: string,
  kind: RobotKind,
  address: () => Promise<string>,
  { now, pause }: RobotTools,
): Receiver {
  const robot = ROBOTS[kind];
  const pace = createPace(robot.limits, { now, ...(pause === undefined ? {} : { pause }) });
  return {
    name,
    send: async ({ subject, text }, signal) => {
      const whole = await address();
      const to = robotAddress(name, kind, whole);
      const plain: Text = { en: robot.plain(text.en), zh: robot.plain(text.zh) };
      const fitted = fitText(plain, robot.first, robot.fits);
      await pace(name);
      const { url, body } = robot.request(to, robot.plain(subject[robot.first]), fitted, now());
      const headers = { 'Content-Type': 'application/json; charset=utf-8' };
      const sent = { method: 'POST' as const, url, headers, body: JSON.stringify(body), signal };
      const refusal = robot.refusal(await exchange({ ...sent, limit: ANSWER_LIMIT_BYTES }));
      if (refusal !== undefined) throw new Error(`Receiver ${name} answered ${harmless(refusal, to)}.`);
    },
  };
}

/** Shortens what a robot has answered, and takes out what is secret of its address. */
function harmless(refusal: string, { url, secret }: RobotAddress): string {
  const secrets = [secret, ...url.searchParams.values(), ...url.pathname.split('/')].filter(({ length }) => length > 7);
  let text = refusal.replace(/\s+/g, ' ');
  for (const one of secrets) text = text.replaceAll(one, '***');
  return text.slice(0, REPEATED_CHARACTERS);
}
