import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { messageOf, type News } from '../../lib/alarms/message.ts';
import { robotAddress, robotReceiver } from '../../lib/alarms/robots.ts';
import { ROBOT_KINDS, type RobotKind } from '../../lib/config/alarm-settings.ts';
import { type StandInKind, type StandInRobots, startRobots } from '../../scripts/testing/robots.ts';
import { listen } from '../support/listen.ts';
import { opensslHmac } from '../support/openssl.ts';
import { NOW } from './support.ts';

const never = new AbortController().signal;
const time = { now: NOW };
const pauses: number[] = [];
const tools = {
  now: () => time.now,
  pause: async (ms: number) => {
    pauses.push(ms);
    time.now += ms;
  },
};
let robots: StandInRobots;
beforeAll(async () => {
  robots = await startRobots(() => time.now);
});
afterAll(() => robots.close());
beforeEach(() => {
  time.now += 600_000;
  pauses.length = 0;
});

const standIn = (kind: RobotKind): StandInKind => (kind === 'lark' ? 'feishu' : kind);
const made = (kind: RobotKind, address = robots.addresses[standIn(kind)]) =>
  robotReceiver('chat', kind, async () => address, tools);
const newsOf = (count: number, about: string): News[] =>
  Array.from({ length: count }, (_, index) => ({
    turn: 'opened',
    sighting: { rule: 'set-aside', group: `p${index}`, count: 1, since: NOW, about: [about] },
  }));
const send = (kind: RobotKind, news: readonly News[], address?: string) =>
  made(kind, address).send(messageOf('shop prod', NOW, news), never);

describe.each(ROBOT_KINDS)('a robot of %s', (kind) => {
  test('takes a message in both languages', async () => {
    await send(kind, newsOf(1, 'i-1: down'));
    const { text } = robots.taken.at(-1) ?? { text: '' };
    expect(text).toContain('i-1: down');
    expect(text).toContain('变更已搁置');
    expect(text).toContain('Changes were set aside');
    expect(robots.refused).toEqual([]);
  });

  test('takes a long message within its limit, which says how much is left out', async () => {
    await send(kind, newsOf(90, '退款 "<quoted>" & more '.repeat(20)));
    expect(robots.taken.at(-1)?.text).toMatch(/(and|还有) \d+ (more|项)/);
    time.now += 1_000;
    await send(kind, newsOf(1, '长"\n'.repeat(15_000)));
    expect(robots.taken.at(-1)?.text).toMatch(/…$/);
    expect(robots.refused).toEqual([]);
  });

  test('can neither be made to call people nor to hide a link', async () => {
    await send(kind, newsOf(1, '<!channel> <@all> <at user_id="all">x</at> [here](https://evil.example.com)'));
    const text = robots.taken.at(-1)?.text ?? '';
    expect(text).not.toMatch(/<[!@a]/);
    if (kind !== 'slack') expect(text).not.toContain('](');
  });

  test('that refuses has not heard, and its answer repeats nothing secret', async () => {
    const [address = '', secret = ''] = robots.addresses[standIn(kind)].split('#');
    const wrong = `${address.slice(0, -4)}0000${secret && `#${secret}`}`;
    const error: Error = await send(kind, newsOf(1, 'x'), wrong).then(
      () => new Error('It was taken.'),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(/^Receiver chat answered (errcode|code|HTTP) \d+ \(/);
    expect(error.message).not.toContain(wrong.slice(-12));
    expect(error.message).not.toContain(new URL(wrong).search.slice(1) || new URL(wrong).pathname.slice(-20));
    robots.broken.add(standIn(kind));
    await expect(send(kind, newsOf(1, 'x'))).rejects.toThrow(/Receiver chat answered HTTP 502/);
    robots.broken.clear();
    (robots.refused as string[]).length = 0;
  });

  test('is never sent more than it takes', async () => {
    const receiver = made(kind);
    const message = messageOf('shop prod', NOW, newsOf(1, 'x'));
    const before = robots.taken.length;
    const errors: Error[] = [];
    for (let sent = 0; sent < 110; sent += 1) await receiver.send(message, never).catch((error) => errors.push(error));
    const most = { wecom: 20, dingtalk: 20, feishu: 100, lark: 100, slack: 110 }[kind];
    expect(robots.taken.length - before).toBe(most);
    expect(errors).toHaveLength(110 - most);
    if (most < 110) expect(errors[0]?.message).toBe(`Receiver chat takes no more than ${most} messages in 60 s.`);
    expect(pauses.length > 0).toBe(standIn(kind) === 'feishu' || kind === 'slack');
    expect(robots.refused).toEqual([]);
    time.now += 61_000;
    await receiver.send(message, never);
  });
});

test.each<[RobotKind, string, RegExp]>([
  ['dingtalk', 'https://oapi.dingtalk.com/robot/send?access_token=x', /must be https:.*#SEC….*once signing is on/],
  ['feishu', 'https://open.feishu.cn/open-apis/bot/v2/hook/x#', /must be https:.*#<secret>/],
  ['lark', 'ops@example.com', /receivers\.chat is not an address/],
  ['wecom', 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x#secret', /this kind of robot has no secret/],
  ['slack', 'http://hooks.slack.com/services/x', /must begin with https/],
])('the address of a robot of %s is not %s', (kind, address, sentence) => {
  expect(() => robotAddress('chat', kind, address)).toThrow(sentence);
});

test('an answer that is not JSON, or has no code, is a refusal', async () => {
  const { close, url } = await answering('[]');
  await expect(send('wecom', newsOf(1, 'x'), url)).rejects.toThrow('answered HTTP 200 without errcode');
  await close();
  const text = await answering('<html>');
  await expect(send('wecom', newsOf(1, 'x'), text.url)).rejects.toThrow('answered HTTP 200 without errcode');
  await text.close();
  const silent = await answering('{"code":9499}');
  await expect(send('feishu', newsOf(1, 'x'), `${silent.url}#0123456789`)).rejects.toThrow('answered code 9499 ()');
  await silent.close();
});

test('signatures are those that OpenSSL computes', async () => {
  const got: { url: URL; body: string }[] = [];
  const { close, url } = await listen((request, body, response) => {
    got.push({ url: new URL(request.url ?? '', 'http://robot'), body });
    response.end('{"errcode":0,"code":0}');
  });
  await send('dingtalk', newsOf(1, 'x'), `${url}/robot/send?access_token=t#SEC0123456789`);
  await send('feishu', newsOf(1, 'x'), `${url}/hook#0123456789`);
  await close();
  const [ding, fei] = got.map((one) => ({ ...one, json: JSON.parse(one.body) }));
  const at = String(time.now);
  expect(ding?.url.searchParams.get('timestamp')).toBe(at);
  expect(ding?.url.searchParams.get('sign')).toBe(
    opensslHmac(Buffer.from('SEC0123456789'), Buffer.from(`${at}\nSEC0123456789`)).toString('base64'),
  );
  const seconds = String(Math.floor(time.now / 1_000));
  expect(fei?.json).toMatchObject({
    timestamp: seconds,
    sign: opensslHmac(Buffer.from(`${seconds}\n0123456789`), Buffer.alloc(0)).toString('base64'),
  });
});

async function answering(text: string) {
  return listen((_, __, response) => response.end(text));
}
