import { createNotes } from '../../../lib/instances/notes.ts';
import type { Sentence } from '../../language/sentence.ts';
import { type Answer, type KitCall, sealClientSecret, sendKit, signKit } from '../../marketplace/signed-calls.ts';
import { noteOf } from '../samples/demo-tenants.ts';
import { createActor, poll } from './actor.ts';
import type { Report } from './report.ts';
import type { Stage } from './stage.ts';

type Message = Readonly<Record<string, unknown>>;
type Version = 'v2' | 'v1';

const PRODUCT = 'kit';
const ORDER = 'CS2601010930JOINT';
/** Users in one call on a machine that cannot do with more. */
const PART = 50;
const TENANT = 't-0001';
const APP = 'app-1001';
const SECRET = 'the-client-secret-of-acme';

/** An enterprise buys a joint-operation product, binds it, and authorises its people. */
export async function playKit(stage: Stage, report: Report): Promise<void> {
  const player = createPlayer(stage, report);
  const { seller, send } = player;
  const actor = createActor(stage, PRODUCT, report);

  report.heading(['Kit: the seller applies for a credential; there is no instance yet', 'Kit：卖家申请凭证；尚无实例']);
  const applying = { instanceId: '', tenantId: 't-test', testFlag: 0 };
  await send('v2', 'tenantSync', { ...applying, ...ACME, orderId: '', flag: 1 });
  await seller(
    ['knows its own test tenant', '记下自己的测试租户'],
    ['tenant', 't-test', ''],
    (note) => note?.name === 'Acme Ltd',
  );

  report.heading(['Kit: an enterprise buys, and binds the application to itself', 'Kit：企业订购并绑定应用']);
  const purchase = {
    activity: 'newInstance',
    businessId: crypto.randomUUID(),
    orderId: ORDER,
    orderLineId: `${ORDER}-000001`,
  };
  const instanceId = String((await actor.send(purchase, '000004')).json.instanceId);
  const bound = { instanceId, tenantId: TENANT, testFlag: 0 };
  await send('v2', 'tenantSync', { ...bound, ...ACME, orderId: ORDER, flag: 1 });
  const clientSecret = sealClientSecret(stage.secrets.products[PRODUCT]?.kitPrivateKey ?? '', SECRET);
  await send('v2', 'applicationSync', { ...bound, appId: APP, clientId: 'c-7f31', clientSecret, flag: 1 });
  await send('v2', 'allOrgSync', { ...bound, orgInfoList: TREE });
  await seller(
    ['knows the tenant', '记下租户'],
    ['tenant', TENANT, instanceId],
    (note) => note?.domainName === ACME.domainName,
  );
  await seller(
    ['knows its OAuth client', '记下其 OAuth 客户端'],
    ['application', TENANT, instanceId, APP],
    (note) => note?.clientId === 'c-7f31',
  );
  await seller(
    ['knows both departments', '记下两个部门'],
    ['departments', TENANT, instanceId],
    (note) => String(note?.names) === 'Research,Lab',
  );

  report.heading([
    'Kit: its administrator authorises 500 people in one call, and edits a department',
    'Kit：管理员一次授权 500 人，并修改部门',
  ]);
  const authSync = { ...bound, appId: APP, currentSyncTime: '20260101093000000' };
  await player.sendUsers({ ...authSync, flag: 1 }, PEOPLE);
  await seller(
    ['knows their administrator', '记下其管理员'],
    ['user', TENANT, instanceId, APP, 'user-1'],
    (note) => note?.role === 'admin',
  );
  await send('v2', 'singleOrgSync', { ...bound, orgCode: '110', orgName: 'Laboratory', parentCode: '100', flag: 2 });
  await seller(
    ['knows the new name', '记下新名称'],
    ['department', TENANT, instanceId, '110'],
    (note) => note?.orgName === 'Laboratory',
  );

  report.heading([
    'Kit: the older interfaces say the same, with lists as texts',
    'Kit：旧接口同样可用，列表以文本传递',
  ]);
  const leaving = JSON.stringify([
    { userName: 'user-0', name: 'User 0', orgCode: '100', role: 'user', enable: 'true' },
  ]);
  await send('v1', 'authSync', { ...authSync, userList: leaving, flag: 0 });
  await seller(
    ['has forgotten who left', '已删除离开的用户'],
    ['user', TENANT, instanceId, APP, 'user-0'],
    (note) => note === undefined,
  );

  report.heading(['Kit: calls that change nothing', 'Kit：不改变任何内容的调用']);
  await send('v2', 'tenantSync', { ...bound, ...ACME, name: 'Nobody', flag: 1, testFlag: 1 });
  await send('v2', 'authSync', { ...authSync, instanceId: 'nobody', userList: PEOPLE.slice(0, 1), flag: 0 });
  await refuseForgeries(player, stage, report, bound);
  await seller(
    ['still knows the tenant by its name', '租户名称保持不变'],
    ['tenant', TENANT, instanceId],
    (note) => note?.name === 'Acme Ltd',
  );

  report.heading(['Kit: the enterprise leaves; its test binding stays', 'Kit：企业解绑；测试绑定保留']);
  await send('v2', 'tenantSync', { ...bound, flag: 0 });
  await send('v2', 'tenantSync', { ...bound, flag: 0 });
  await seller(
    ['has forgotten the tenant', '已删除租户'],
    ['tenant', TENANT, instanceId],
    (note) => note === undefined,
  );
  await seller(
    ['still knows its test tenant', '仍保留测试租户'],
    ['tenant', 't-test', ''],
    (note) => note?.name === 'Acme Ltd',
  );
}

const ACME = { tenantCode: 'acme', name: 'Acme Ltd', domainName: 'https://acme.identity.example.com' };
const TREE = [
  { orgCode: '100', orgName: 'Research', parentCode: '' },
  { orgCode: '110', orgName: 'Lab', parentCode: '100' },
];
const PEOPLE = Array.from({ length: 500 }, (_, n) => ({
  userName: `user-${n}`,
  name: `User ${n}`,
  orgCode: '110',
  role: n === 1 ? 'admin' : 'user',
  enable: 'true',
  email: `user-${n}@acme.example.com`,
}));

function createPlayer({ server, secrets, table }: Stage, report: Report) {
  const key = secrets.products[PRODUCT]?.accessKeys.kit?.[0] ?? '';
  const route = `${server.run.route}/${PRODUCT}`;
  const notes = createNotes(table, PRODUCT);
  const shown = (message: Message) =>
    Array.isArray(message.userList) && message.userList.length > 2
      ? { ...message, userList: `(${message.userList.length} users)` }
      : message;
  const judge = (call: KitCall, message: Message, answer: Answer, code: string, what: Sentence): Answer => {
    report.exchange(call.url.slice(call.url.indexOf('/produce/') + 9), shown(message), answer);
    report.check(answer.status === 200 && answer.json.resultCode === code, what);
    report.check(answer.bodySignHolds, ['Body-Sign holds', 'Body-Sign 正确']);
    return answer;
  };
  return {
    key,
    route,
    judge,
    async send(version: Version, activity: string, message: Message): Promise<Answer> {
      const call = signKit(route, key, [version, activity], message);
      return judge(call, message, await sendKit(call, key), '000000', [
        `${activity} is answered 000000`,
        `${activity} 返回 000000`,
      ]);
    },
    /** All users in one call; on a machine that is too busy to be done with it in time, in parts. */
    async sendUsers(message: Message, userList: readonly object[]): Promise<void> {
      const whole = signKit(route, key, ['v2', 'authSync'], { ...message, userList });
      const answer = await sendKit(whole, key);
      const isBusy = answer.json.resultCode === '000005';
      const what: Sentence = [
        `${userList.length} users in one call: ${isBusy ? '000005, this machine is too busy' : '000000'}`,
        `一次调用 ${userList.length} 个用户：${isBusy ? '000005，本机过于繁忙' : '000000'}`,
      ];
      judge(whole, { ...message, userList }, answer, isBusy ? '000005' : '000000', what);
      report.check(answer.milliseconds < 5_000, [
        "it is answered within the marketplace's five seconds",
        '在云商店的五秒时限内应答',
      ]);
      for (let start = 0; isBusy && start < userList.length; start += PART) {
        await this.send('v2', 'authSync', { ...message, userList: userList.slice(start, start + PART) });
      }
    },
    async seller(
      [english, chinese]: Sentence,
      note: readonly string[],
      holds: (note: Message | undefined) => boolean,
    ): Promise<void> {
      const read = async () => (await notes.get(noteOf(...note))) as Message | undefined;
      const patient = async () => (await poll(read, holds)) ?? (await poll(read, holds)) ?? poll(read, holds); // 500 go first
      const seen = await report.waiting([`until the seller ${english}`, `等待卖家代码：${chinese}`], patient());
      report.check(seen !== undefined, [`the seller ${english}`, `卖家代码：${chinese}`]);
    },
  };
}

async function refuseForgeries(
  { key, route, judge }: ReturnType<typeof createPlayer>,
  { secrets }: Stage,
  report: Report,
  bound: Message,
): Promise<void> {
  const tenant = { ...bound, ...ACME, name: 'Forged', orderId: ORDER, flag: 2 };
  const base = secrets.products[PRODUCT]?.accessKeys.base?.[0] ?? '';
  const withBase = signKit(route, base, ['v2', 'tenantSync'], tenant);
  judge(withBase, tenant, await sendKit(withBase, base), '000001', [
    'the key of the base interfaces is refused',
    '基础接口的密钥被拒绝',
  ]);
  const old = signKit(route, key, ['v2', 'tenantSync'], tenant, Date.now() - 120_000);
  judge(old, tenant, await sendKit(old, key), '000002', [
    'a call signed two minutes ago is refused',
    '两分钟前签名的调用被拒绝',
  ]);
  const overtaken = signKit(route, key, ['v2', 'tenantSync'], tenant, Date.now() - 55_000);
  judge(overtaken, tenant, await sendKit(overtaken, key), '000000', [
    'one that newer calls have overtaken is confirmed',
    '被较新调用超越的调用得到确认',
  ]);
  const garbled = { ...bound, appId: APP, clientId: 'c', clientSecret: 'c2VjcmV0', flag: 1 };
  const call = signKit(route, key, ['v2', 'applicationSync'], garbled);
  judge(call, garbled, await sendKit(call, key), '000101', [
    'a secret that our key does not open is refused',
    '无法用我方密钥打开的密文被拒绝',
  ]);
  report.note([
    'none of these has changed anything, as the next check shows',
    '以上调用均未改变任何内容，见下一项检查',
  ]);
}
