import { setTimeout as sleep } from 'node:timers/promises';
import { createNotes } from '../../../lib/instances/notes.ts';
import type { Sentence } from '../../language/sentence.ts';
import { type Answer, call, openCredential } from '../../marketplace/signed-calls.ts';
import { messageOf, type Report } from './report.ts';
import type { Stage } from './stage.ts';

type Message = Readonly<Record<string, unknown>>;

/** Time that the seller's code may take for one change before the demo calls it a failure, milliseconds. */
const PATIENCE = 30_000;

/** Plays the marketplace for one product. */
export interface Actor {
  readonly product: string;
  readonly report: Report;
  /** Sends a call signed with the product's newest key and checks the answer's code and signature. */
  send(message: Message, ...expected: readonly string[]): Promise<Answer>;
  /** Waits until the demo seller's note of the tenant is as it should be; undefined stands for no tenant, `what` follows "the seller" or stands behind 卖家代码. */
  untilTenant(instanceId: string, what: Sentence, holds: (tenant: Message | undefined) => boolean): Promise<void>;
  /** Polls queryInstance until it is no longer in work, and gives its answer. */
  untilReady(instanceId: string): Promise<Answer>;
  /** Checks the login data of a queryInstance answer, as the marketplace reads them. */
  readAccess(answer: Answer, encrypted: boolean): void;
}

/** @param keyClass of the access key that calls are signed with; order notifications have their own */
export function createActor(
  { server, secrets, table }: Stage,
  product: string,
  report: Report,
  keyClass = 'base',
): Actor {
  const route = `${server.run.route}/${product}`;
  const keys = secrets.products[product]?.accessKeys;
  const deliver = (message: Message): Promise<Answer> =>
    call(route, (message.activity === 'orderNotify' ? keys?.general : keys?.[keyClass])?.[0] ?? '', message);
  const judge = (message: Message, answer: Answer, expected: readonly string[]): Answer => {
    report.exchange(product, message, answer);
    const isExpected = answer.status === 200 && expected.includes(String(answer.json.resultCode));
    report.check(isExpected, [
      `${message.activity} is answered ${expected.join(' or ')}`,
      `${message.activity} 返回 ${expected.join(' 或 ')}`,
    ]);
    report.check(answer.bodySignHolds, ['Body-Sign holds', 'Body-Sign 正确']);
    return answer;
  };
  return {
    product,
    report,
    send: async (message, ...expected) => judge(message, await deliver(message), expected),
    untilTenant: async (instanceId, [english, chinese], holds) => {
      const notes = createNotes(table, product);
      const read = async () => (await notes.get(instanceId)) as Message | undefined;
      const seen = await report.waiting([`until the seller ${english}`, `等待卖家代码：${chinese}`], poll(read, holds));
      report.check(seen !== undefined, [`the seller ${english}`, `卖家代码：${chinese}`]);
    },
    untilReady: async (instanceId) => {
      const message = { activity: 'queryInstance', instanceId };
      const isReady = ({ json }: Answer) => json.resultCode !== '000004';
      const polled = poll(() => deliver(message), isReady);
      const answer = await report.waiting(
        ['asking queryInstance until the instance is ready', '轮询 queryInstance 直到实例就绪'],
        polled,
      );
      return judge(message, answer?.value ?? (await deliver(message)), ['000000']);
    },
    readAccess: (answer, encrypted) => {
      const access = accessOf(answer);
      const read = (name: string): string => {
        const value = String(access[name] ?? '');
        return encrypted ? openCredential(secrets.marketplace.privateKey, value) : value;
      };
      try {
        const [userName, password] = [read('userName'), read('password')];
        report.note([
          `the marketplace reads: ${access.frontEndUrl}, user ${userName}, password ${password}`,
          `云商店读到：${access.frontEndUrl}，用户名 ${userName}，密码 ${password}`,
        ]);
        report.check(userName === 'owner' && password.length >= 16, [
          'the marketplace reads user name and password',
          '云商店能读出用户名和密码',
        ]);
        if (encrypted)
          report.check(!answer.text.includes(password), [
            'the password was not in the clear on the wire',
            '密码未以明文传输',
          ]);
      } catch (error) {
        report.check(false, [
          `the credentials can be read (${messageOf(error)})`,
          `登录信息可读（${messageOf(error)}）`,
        ]);
      }
    },
  };
}

function accessOf({ json }: Answer): Message {
  const [first] = Array.isArray(json.info) ? json.info : [];
  return first?.appInfo ?? {};
}

/** Reads until it holds, and gives what was read last; undefined if that does not come true within the patience. */
export async function poll<Value>(
  read: () => Promise<Value>,
  holds: (value: Value) => boolean,
): Promise<{ readonly value: Value } | undefined> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) {
    const value = await read();
    if (holds(value)) return { value };
  }
  return undefined;
}
