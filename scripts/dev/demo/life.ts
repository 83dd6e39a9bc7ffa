import { type Answer, sendCall, signCall } from '../../marketplace/signed-calls.ts';
import type { Actor } from './actor.ts';
import type { Stage } from './stage.ts';

const RENEWED_UNTIL = '20991231155959';

/** A purchase of the product from the first call to the last, and the calls around it. */
export async function playLife(actor: Actor, stage: Stage): Promise<void> {
  const { report, send, untilTenant } = actor;
  const order = (orderId: string) => ({ orderId, orderLineId: `${orderId}-000001` });
  const purchase = () => ({ activity: 'newInstance', businessId: crypto.randomUUID(), ...order('CS2601010930DEMO') });

  report.heading('1. Somebody buys; the marketplace delivers the order twice');
  const first = await send(purchase(), '000004');
  const instanceId = String(first.json.instanceId);
  const again = await send(purchase(), '000004', '000000'); // the seller may have been quick
  report.check(again.json.instanceId === instanceId, 'the second delivery yields the same instance');

  report.heading("2. The seller's code makes the tenant; the marketplace polls for the login data");
  actor.readAccess(await actor.untilReady(instanceId), true);
  await untilTenant(instanceId, 'has one tenant, made once', (tenant) => events(tenant).join() === 'provision');
  report.check(stage.standIn.asked.includes('CS2601010930DEMO'), 'the order was read through the open API (AK/SK)');

  report.heading('3. A renewal, and a freeze that is lifted again');
  const renewal = { activity: 'refreshInstance', scene: 'RENEWAL', instanceId, expireTime: RENEWED_UNTIL };
  await send({ ...renewal, ...order('CS2612311105RENEW') }, '000000');
  await untilTenant(
    instanceId,
    'lets the tenant run until 2099',
    (tenant) => tenant?.expiresAt === '2099-12-31T15:59:59.000Z',
  );
  await send({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' }, '000000');
  await untilTenant(instanceId, 'has frozen the tenant', (tenant) => tenant?.frozen === true);
  await send({ activity: 'updateInstanceStatus', instanceId, status: 'UNFREEZE' }, '000000');
  await untilTenant(instanceId, 'has let the tenant in again', (tenant) => tenant?.frozen === false);

  report.heading('4. May it change? Then it does');
  const productInfo = { productId: 'demo-product-year', skuCode: 'demo-sku-large', linearValue: 20 };
  await send({ activity: 'changeInstanceCheck', instanceId, productInfo }, '000000');
  await send({ activity: 'upgradeInstance', instanceId, ...order('CS2609301400UPGRADE') }, '000000');
  await untilTenant(instanceId, 'has given the tenant 20 seats', (tenant) => tenant?.seats === 20);

  report.heading('5. An order notification, and a dial test that must touch nothing');
  await send({ activity: 'orderNotify', ...order('CS2609301400UPGRADE') }, '000000');
  await send({ activity: 'releaseInstance', instanceId, testFlag: '1' }, '000000');
  await send(
    { activity: 'newInstance', businessId: crypto.randomUUID(), ...order('MOCKPERIODYEARNEW'), testFlag: '1' },
    '000000',
  );
  report.check(!stage.standIn.asked.includes('MOCKPERIODYEARNEW'), 'the dial test was not carried out');
  const inOrder = ['provision', 'renew', 'freeze', 'unfreeze', 'upgrade'];
  await untilTenant(
    instanceId,
    'did each change once and in order',
    (tenant) => events(tenant).join() === inOrder.join(),
  );

  report.heading('6. Calls that are refused');
  await refuseForgeries(actor, stage, instanceId);

  report.heading('7. The buyer returns it');
  await send({ activity: 'releaseInstance', instanceId, ...order('CS2610020815REFUND') }, '000000');
  await untilTenant(instanceId, 'has removed the tenant', (tenant) => tenant === undefined);
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
  report.heading('8. Product plain: credentials as the V2.0 documents have them');
  const instanceId = String((await send(purchase, '000004')).json.instanceId);
  actor.readAccess(await actor.untilReady(instanceId), false);
  await send({ activity: 'releaseInstance', instanceId }, '000000');
  await untilTenant(instanceId, 'has removed the tenant', (tenant) => tenant === undefined);
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
  const judge = (message: object, answer: Answer, expected: string, what: string) => {
    report.exchange(product, { ...message }, answer);
    report.check(answer.json.resultCode === expected, what);
    report.check(answer.bodySignHolds, 'the refusal is signed');
  };
  judge(
    release,
    await sendCall(signCall(route, crypto.randomUUID(), release), key),
    '000001',
    'a key that nobody knows is refused',
  );
  const old = signCall(route, key, release, Date.now() - 120_000);
  judge(release, await sendCall(old, key), '000002', 'a call signed two minutes ago is refused');
  const signed = signCall(route, key, query);
  await sendCall(signed, key);
  judge(query, await sendCall(signed, key), '000001', 'the same queryInstance a second time gets no credentials');
}

/** What the demo seller has done for the tenant, oldest first. */
function events(tenant: Readonly<Record<string, unknown>> | undefined): unknown[] {
  return Array.isArray(tenant?.history) ? tenant.history.map((entry) => entry.event) : [];
}
