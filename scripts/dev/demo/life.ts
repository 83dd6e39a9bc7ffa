import type { Sentence } from '../../language/sentence.ts';
import { type Answer, sendCall, signCall } from '../../marketplace/signed-calls.ts';
import type { Actor } from './actor.ts';
import type { Stage } from './stage.ts';

const RENEWED_UNTIL = '20991231155959';

/** A purchase of the product from the first call to the last, and the calls around it. */
export async function playLife(actor: Actor, stage: Stage): Promise<void> {
  const { report, send, untilTenant } = actor;
  const order = (orderId: string) => ({ orderId, orderLineId: `${orderId}-000001` });
  const purchase = () => ({ activity: 'newInstance', businessId: crypto.randomUUID(), ...order('CS2601010930DEMO') });

  report.heading(['1. Somebody buys; the marketplace delivers the order twice', '1. 有人订购；云商店把订单投递两次']);
  const first = await send(purchase(), '000004');
  const instanceId = String(first.json.instanceId);
  const again = await send(purchase(), '000004', '000000'); // the seller may have been quick
  report.check(again.json.instanceId === instanceId, [
    'the second delivery yields the same instance',
    '第二次投递得到同一实例',
  ]);

  report.heading([
    "2. The seller's code makes the tenant; the marketplace polls for the login data",
    '2. 卖家代码创建租户；云商店轮询登录信息',
  ]);
  actor.readAccess(await actor.untilReady(instanceId), true);
  await untilTenant(
    instanceId,
    ['has one tenant, made once', '只创建了一个租户，且只创建一次'],
    (tenant) => events(tenant).join() === 'provision',
  );
  report.check(stage.standIn.asked.includes('CS2601010930DEMO'), [
    'the order was read through the open API (AK/SK)',
    '已通过开放接口（AK/SK）读取订单',
  ]);

  report.heading(['3. A renewal, and a freeze that is lifted again', '3. 续费，以及冻结后解冻']);
  const renewal = { activity: 'refreshInstance', scene: 'RENEWAL', instanceId, expireTime: RENEWED_UNTIL };
  await send({ ...renewal, ...order('CS2612311105RENEW') }, '000000');
  await untilTenant(
    instanceId,
    ['lets the tenant run until 2099', '将租户延长至 2099 年'],
    (tenant) => tenant?.expiresAt === '2099-12-31T15:59:59.000Z',
  );
  await send({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' }, '000000');
  await untilTenant(instanceId, ['has frozen the tenant', '已冻结租户'], (tenant) => tenant?.frozen === true);
  await send({ activity: 'updateInstanceStatus', instanceId, status: 'UNFREEZE' }, '000000');
  await untilTenant(
    instanceId,
    ['has let the tenant in again', '已重新放行租户'],
    (tenant) => tenant?.frozen === false,
  );

  report.heading(['4. May it change? Then it does', '4. 可以变更吗？然后变更']);
  const productInfo = { productId: 'demo-product-year', skuCode: 'demo-sku-large', linearValue: 20 };
  await send({ activity: 'changeInstanceCheck', instanceId, productInfo }, '000000');
  await send({ activity: 'upgradeInstance', instanceId, ...order('CS2609301400UPGRADE') }, '000000');
  await untilTenant(
    instanceId,
    ['has given the tenant 20 seats', '已为租户提供 20 个席位'],
    (tenant) => tenant?.seats === 20,
  );

  report.heading([
    '5. An order notification, and a dial test that must touch nothing',
    '5. 订单通知，以及不得改变任何内容的拨测',
  ]);
  await send({ activity: 'orderNotify', ...order('CS2609301400UPGRADE') }, '000000');
  await send({ activity: 'releaseInstance', instanceId, testFlag: '1' }, '000000');
  await send(
    { activity: 'newInstance', businessId: crypto.randomUUID(), ...order('MOCKPERIODYEARNEW'), testFlag: '1' },
    '000000',
  );
  report.check(!stage.standIn.asked.includes('MOCKPERIODYEARNEW'), [
    'the dial test was not carried out',
    '拨测未被执行',
  ]);
  const inOrder = ['provision', 'renew', 'freeze', 'unfreeze', 'upgrade'];
  await untilTenant(
    instanceId,
    ['did each change once and in order', '每项变更各执行一次且顺序正确'],
    (tenant) => events(tenant).join() === inOrder.join(),
  );

  report.heading(['6. Calls that are refused', '6. 应被拒绝的调用']);
  await refuseForgeries(actor, stage, instanceId);

  report.heading(['7. The buyer returns it', '7. 买家退订']);
  await send({ activity: 'releaseInstance', instanceId, ...order('CS2610020815REFUND') }, '000000');
  await untilTenant(instanceId, ['has removed the tenant', '已删除租户'], (tenant) => tenant === undefined);
  await send({ activity: 'queryInstance', instanceId }, '000003');
  await send({ activity: 'releaseInstance', instanceId }, '000000');
}

/** The same for a product whose credentials travel as they are: only what differs. */
export async function playShortLife(actor: Actor): Promise<void> {
  const { report, send, untilTenant } = actor;
  const orderId = 'CS2601010930PLAIN';
  const purchase = {
    activity: 'newInstance',
    businessId: crypto.randomUUID(),
    orderId,
    orderLineId: `${orderId}-000001`,
  };
  report.heading([
    '8. Product plain: credentials as the V2.0 documents have them',
    '8. 商品 plain：按 V2.0 文档传递登录信息',
  ]);
  const instanceId = String((await send(purchase, '000004')).json.instanceId);
  actor.readAccess(await actor.untilReady(instanceId), false);
  await send({ activity: 'releaseInstance', instanceId }, '000000');
  await untilTenant(instanceId, ['has removed the tenant', '已删除租户'], (tenant) => tenant === undefined);
}

async function refuseForgeries(
  { product, report }: Actor,
  { server, secrets }: Stage,
  instanceId: string,
): Promise<void> {
  const key = secrets.products[product]?.accessKeys.base?.[0] ?? '';
  const route = `${server.run.route}/${product}`;
  const release = { activity: 'releaseInstance', instanceId };
  const query = { activity: 'queryInstance', instanceId };
  const judge = (message: object, answer: Answer, expected: string, what: Sentence) => {
    report.exchange(product, { ...message }, answer);
    report.check(answer.json.resultCode === expected, what);
    report.check(answer.bodySignHolds, ['the refusal is signed', '拒绝应答带有签名']);
  };
  judge(release, await sendCall(signCall(route, crypto.randomUUID(), release), key), '000001', [
    'a key that nobody knows is refused',
    '未知密钥被拒绝',
  ]);
  const old = signCall(route, key, release, Date.now() - 120_000);
  judge(release, await sendCall(old, key), '000002', [
    'a call signed two minutes ago is refused',
    '两分钟前签名的调用被拒绝',
  ]);
  const signed = signCall(route, key, query);
  await sendCall(signed, key);
  judge(query, await sendCall(signed, key), '000001', [
    'the same queryInstance a second time gets no credentials',
    '同一 queryInstance 第二次到达得不到登录信息',
  ]);
}

/** Lists what the demo seller has done for the tenant, oldest first. */
function events(tenant: Readonly<Record<string, unknown>> | undefined): unknown[] {
  return Array.isArray(tenant?.history) ? tenant.history.map((entry) => entry.event) : [];
}
