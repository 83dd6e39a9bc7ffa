import { createNotes } from '../../../lib/instances/notes.ts';
import type { Sentence } from '../../language/sentence.ts';
import { type Answer, get, openV1Credential, sealPersonal, sendGet, signGet } from '../../marketplace/signed-calls.ts';
import { createActor, poll } from './actor.ts';
import { messageOf, type Report } from './report.ts';
import type { Stage } from './stage.ts';

type Parameters = Readonly<Record<string, string>>;

const PRODUCT = 'legacy';
const ORDER = 'CS2301010930LEGACY';

/** A purchase under V1.0 from the first call to the last, and what must be refused. */
export async function playV1(stage: Stage, report: Report): Promise<void> {
  const key = stage.secrets.products[PRODUCT]?.accessKeys.base?.[0] ?? '';
  const { send, buy } = sender(stage, report, key);
  const { untilTenant } = createActor(stage, PRODUCT, report);

  report.heading([
    'SaaS V1.0: somebody buys; the answer itself says how the buyer gets in',
    'SaaS V1.0：有人订购；应答即含登录方式',
  ]);
  const bought = await buy();
  const instanceId = String(bought.json.instanceId);
  const password = readAccess(bought, key, report);
  await untilTenant(
    instanceId,
    ['has made a tenant with the seats of the order', '已按订单席位创建租户'],
    (tenant) => tenant?.seats === 12,
  );
  report.check(!stage.standIn.asked.includes(ORDER), [
    'no order query was needed: the call told the order',
    '无需查询订单：调用已带订单信息',
  ]);

  report.heading([
    'SaaS V1.0: the buyer opens the resource page, so the same call comes again',
    'SaaS V1.0：买家打开资源页面，同一调用再次到达',
  ]);
  const again = await buy();
  report.check(again.json.instanceId === instanceId, ['it yields the same instance', '得到同一实例']);
  report.check(readAccess(again, key, report) === password, [
    'and the same password, encrypted anew',
    '以及重新加密的同一密码',
  ]);
  await untilTenant(instanceId, ['has provisioned once', '只开通一次'], (tenant) => events(tenant) === 'provision');

  report.heading(['SaaS V1.0: expiry, and a renewal that ends it', 'SaaS V1.0：到期，以及使其恢复的续费']);
  await send({ activity: 'expireInstance', instanceId }, '000000');
  await untilTenant(instanceId, ['has frozen the tenant', '已冻结租户'], (tenant) => tenant?.frozen === true);
  const renewal = { activity: 'refreshInstance', instanceId, orderId: `${ORDER}R`, expireTime: '20991231155959' };
  await send({ ...renewal, periodType: 'year', periodNumber: '1', orderAmount: '99.900' }, '000000');
  await untilTenant(
    instanceId,
    ['has let the tenant in again', '已重新放行租户'],
    (tenant) => tenant?.frozen === false,
  );
  await untilTenant(
    instanceId,
    ['lets it run until 2099', '将其延长至 2099 年'],
    (tenant) => tenant?.expiresAt === '2099-12-31T15:59:59.000Z',
  );

  report.heading(['SaaS V1.0: a freeze by status, an upgrade, a query', 'SaaS V1.0：按状态冻结、升级、查询']);
  await send({ activity: 'instanceStatus', instanceId, instanceStatus: 'FREEZE' }, '000000');
  await untilTenant(instanceId, ['has frozen the tenant', '已冻结租户'], (tenant) => tenant?.frozen === true);
  await send({ activity: 'instanceStatus', instanceId, instanceStatus: 'NORMAL' }, '000000');
  await untilTenant(
    instanceId,
    ['has let the tenant in again', '已重新放行租户'],
    (tenant) => tenant?.frozen === false,
  );
  const upgrade = { activity: 'upgrade', instanceId, orderId: `${ORDER}U`, skuCode: 'large', productId: 'p-large' };
  await send({ ...upgrade, amount: '20' }, '000000');
  await untilTenant(
    instanceId,
    ['has given the tenant 20 seats', '已为租户提供 20 个席位'],
    (tenant) => tenant?.seats === 20,
  );
  const query = await send({ activity: 'queryInstance', instanceId: `${instanceId},nobody` }, '000000');
  const [first] = Array.isArray(query.json.info) ? query.json.info : [];
  report.check(first?.instanceId === instanceId, [
    'a list of ids is answered with those that are known',
    '对一组标识的查询返回其中已知的',
  ]);

  report.heading(['SaaS V1.0: a dial test, and calls that are refused', 'SaaS V1.0：拨测，以及应被拒绝的调用']);
  await send({ activity: 'releaseInstance', instanceId, orderId: ORDER, testFlag: '1' }, '000000');
  await refuseForgeries(stage, report, key, instanceId);

  report.heading(['SaaS V1.0: the buyer returns it', 'SaaS V1.0：买家退订']);
  await send({ activity: 'releaseInstance', instanceId, orderId: ORDER }, '000000');
  await untilTenant(instanceId, ['has removed the tenant', '已删除租户'], (tenant) => tenant === undefined);
  await send({ activity: 'queryInstance', instanceId }, '000003');
}

function sender(stage: Stage, report: Report, key: string) {
  const route = `${stage.server.run.route}/${PRODUCT}`;
  const judge = (parameters: Parameters, answer: Answer, expected: string) => {
    report.exchange(PRODUCT, parameters, answer, 'GET');
    const isExpected = answer.status === 200 && answer.json.resultCode === expected;
    report.check(isExpected, [
      `${parameters.activity} is answered ${expected}`,
      `${parameters.activity} 返回 ${expected}`,
    ]);
    report.check(answer.bodySignHolds, ['Body-Sign holds', 'Body-Sign 正确']);
    return answer;
  };
  const send = async (parameters: Parameters, expected: string) =>
    judge(parameters, await get(route, key, parameters), expected);
  const purchase = () => ({
    activity: 'newInstance',
    businessId: crypto.randomUUID(),
    customerId: 'demo-customer',
    customerName: '演示 & Söhne',
    mobilePhone: sealPersonal(key, '13800000000'),
    email: sealPersonal(key, 'buyer@example.com'),
    orderId: ORDER,
    productId: 'p-year',
    skuCode: 'small',
    chargingMode: '1',
    periodType: 'year',
    periodNumber: '1',
    amount: '12',
    expireTime: '20991001155959',
    saasExtendParams: Buffer.from(JSON.stringify([{ name: 'domain', value: '例' }])).toString('base64'),
  });
  // A machine under load may not be done in time; then the marketplace simply calls again.
  const buy = async () => {
    const parameters = purchase();
    const answered = poll(
      () => get(route, key, parameters),
      ({ json }) => json.resultCode !== '000004',
    );
    const answer = await report.waiting(['until the purchase is carried out', '直到订购执行完毕'], answered);
    return judge(parameters, answer?.value ?? (await get(route, key, parameters)), '000000');
  };
  return { send, buy };
}

/** Checks the login data as the marketplace reads them, and gives the password. */
function readAccess({ json, text }: Answer, key: string, report: Report): string {
  const access = Object(json.appInfo) as Readonly<Record<string, unknown>>;
  try {
    const read = (name: string) => openV1Credential(key, json.encryptType, String(access[name]));
    const [userName, password] = [read('userName'), read('password')];
    report.note([
      `the marketplace reads: ${access.frontEndUrl}, user ${userName}, password ${password}`,
      `云商店读到：${access.frontEndUrl}，用户名 ${userName}，密码 ${password}`,
    ]);
    report.check(userName === 'owner' && password.length >= 16, [
      'the marketplace reads user name and password',
      '云商店能读出用户名和密码',
    ]);
    report.check(!text.includes(password), ['the password was not in the clear on the wire', '密码未以明文传输']);
    return password;
  } catch (error) {
    report.check(false, [`the credentials can be read (${messageOf(error)})`, `登录信息可读（${messageOf(error)}）`]);
    return '';
  }
}

async function refuseForgeries(stage: Stage, report: Report, key: string, instanceId: string): Promise<void> {
  const route = `${stage.server.run.route}/${PRODUCT}`;
  const release = { activity: 'releaseInstance', instanceId, orderId: ORDER };
  const judge = (answer: Answer, what: Sentence) => {
    report.exchange(PRODUCT, release, answer, 'GET');
    report.check(answer.json.resultCode === '000001', what);
    report.check(answer.bodySignHolds, ['the refusal is signed', '拒绝应答带有签名']);
  };
  judge(await sendGet(signGet(route, crypto.randomUUID(), release), key), [
    'a key that nobody knows is refused',
    '未知密钥被拒绝',
  ]);
  const { url } = signGet(route, key, { ...release, instanceId: 'another' });
  judge(await sendGet({ url: url.replace('=another', `=${instanceId}`) }, key), [
    'a parameter exchanged is refused',
    '被替换的参数被拒绝',
  ]);
  const notes = createNotes(stage.table, PRODUCT);
  report.check((await notes.get(instanceId)) !== undefined, ['the tenant is still there', '租户仍在']);
}

function events(tenant: Readonly<Record<string, unknown>> | undefined): string {
  return Array.isArray(tenant?.history) ? tenant.history.map((entry) => entry.event).join() : '';
}
