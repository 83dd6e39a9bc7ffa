import { createActor } from './actor.ts';
import type { Report } from './report.ts';
import type { Stage } from './stage.ts';

const PRODUCT = 'model';

/** Models on the marketplace's model platform: each customer is given one key. */
export async function playModels(stage: Stage, report: Report): Promise<void> {
  const { send } = createActor(stage, PRODUCT, report);
  const application = { activity: 'applyApikey', chargingMode: 'ON_DEMAND', customerName: '示例公司' };
  const keyFor = async (customerId: string, more: Readonly<Record<string, string>> = {}) =>
    (await send({ ...application, customerId, ...more }, '000000')).json.Apikey;

  report.heading(['Models: a customer subscribes for the first time, twice', '模型：客户首次订阅，调用到达两次']);
  const key = await keyFor('c0ffee00');
  report.check(typeof key === 'string' && key !== '', ['the customer is given a key', '客户得到密钥']);
  report.check((await keyFor('c0ffee00', { customerName: 'Acme Ltd' })) === key, [
    'asked again, it is the same key',
    '再次申请得到同一密钥',
  ]);
  report.check((await keyFor('c0ffee01')) !== key, ['another customer is given another', '其他客户得到另一个密钥']);

  report.heading(['Models: a dial test, and another charging mode', '模型：拨测，以及其他计费模式']);
  report.check((await keyFor('c0ffee00', { testFlag: '1' })) !== key, [
    'a debugging call gives no real key away',
    '调试调用不会给出真实密钥',
  ]);
  await send({ ...application, customerId: 'c0ffee00', chargingMode: 'PERIOD' }, '000002');
}
