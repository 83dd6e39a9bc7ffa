import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { createNotes } from '../../../lib/instances/notes.ts';
import type { Sentence } from '../../language/sentence.ts';
import { get } from '../../marketplace/signed-calls.ts';
import { ISSUER, LICENSE_KEY } from '../samples/demo-licenses.ts';
import { createActor, poll } from './actor.ts';
import { messageOf, type Report } from './report.ts';
import type { Stage } from './stage.ts';

const PRODUCT = 'license';
const CODE = 'LIC-DEMO-0001';

/** License 2.0: what becomes of a code that the marketplace made; License 1.0: a licence that the seller makes. */
export async function playLicense(stage: Stage, report: Report): Promise<void> {
  const { send, untilTenant } = createActor(stage, PRODUCT, report, 'license');

  report.heading([
    'License 2.0: a code is renewed that nobody has told of; the call comes twice',
    'License 2.0：为从未告知的授权码续费；调用到达两次',
  ]);
  const order = { orderId: 'CS2509251105RENEW', orderLineId: 'CS2509251105RENEW-000001' };
  const renewal = { activity: 'refreshLicenseCode', license: CODE, scene: 'RENEWAL', expireTime: '20991231155959' };
  await send({ ...renewal, ...order }, '000000');
  await send({ ...renewal, ...order }, '000000');
  await untilTenant(
    CODE,
    ['knows until when', '记下到期时间'],
    (code) => code?.expiresAt === '2099-12-31T15:59:59.000Z',
  );

  report.heading(['License 2.0: frozen, valid again, released', 'License 2.0：冻结、恢复、释放']);
  await send({ activity: 'updateLicenseCodeStatus', license: CODE, status: 'FREEZE' }, '000000');
  await untilTenant(CODE, ['has frozen the code', '已冻结授权码'], (code) => code?.frozen === true);
  await send({ activity: 'updateLicenseCodeStatus', license: CODE, status: 'UNFREEZE' }, '000000');
  await untilTenant(CODE, ['takes the code again', '重新接受授权码'], (code) => code?.frozen === false);
  await send({ activity: 'releaseLicenseCode', license: CODE, testFlag: '1' }, '000000');
  await send({ activity: 'releaseLicenseCode', license: CODE }, '000000');
  await untilTenant(CODE, ['has forgotten the code', '已删除授权码'], (code) => code === undefined);
  await send({ activity: 'releaseLicenseCode', license: CODE }, '000000');
  await send({ activity: 'updateLicenseCodeStatus', license: CODE, status: 'FREEZE' }, '000003');

  await playLicense1(stage, report);
}

async function playLicense1(stage: Stage, report: Report): Promise<void> {
  const route = `${stage.server.run.route}/${PRODUCT}`;
  const key = stage.secrets.products[PRODUCT]?.accessKeys.license?.[0] ?? '';
  const notes = createNotes(stage.table, PRODUCT);
  const send = async (parameters: Readonly<Record<string, string>>, expected = '000000') => {
    const answered = poll(
      () => get(route, key, parameters),
      ({ json }) => json.resultCode !== '000004',
    );
    const answer = (await answered)?.value ?? (await get(route, key, parameters));
    report.exchange(PRODUCT, parameters, answer, 'GET');
    report.check(answer.json.resultCode === expected, [
      `${parameters.activity} is answered ${expected}`,
      `${parameters.activity} 返回 ${expected}`,
    ]);
    report.check(answer.bodySignHolds, ['Body-Sign holds', 'Body-Sign 正确']);
    return answer.json;
  };

  report.heading([
    'License 1.0: somebody buys, and the answer is the licence',
    'License 1.0：有人订购，应答即为 License',
  ]);
  const orderId = 'CS2201010930LICENSE';
  const purchase = { activity: 'getLicense', customerId: 'demo-customer', orderId, expireTime: '20991231155959' };
  const { instanceId, license } = await send(purchase);
  report.check((await send(purchase)).license === license, [
    'asked again, it is the same licence',
    '再次请求得到同一 License',
  ]);
  await checkLicense(stage, report, String(license), { sub: String(instanceId) });

  report.heading(['License 1.0: expired, renewed, released', 'License 1.0：到期、续费、释放']);
  const instance = { instanceId: String(instanceId) };
  const book = async () => Object((await notes.get(instance.instanceId)) ?? {}) as Readonly<Record<string, unknown>>;
  const until = async ([english, chinese]: Sentence, holds: (kept: Readonly<Record<string, unknown>>) => boolean) =>
    report.check(
      (await report.waiting([`until the seller ${english}`, `等待卖家代码：${chinese}`], poll(book, holds))) !==
        undefined,
      [`the seller ${english}`, `卖家代码：${chinese}`],
    );
  await send({ activity: 'expireLicense', ...instance });
  await until(['has frozen it', '已冻结'], ({ frozen }) => frozen === true);
  await send({ activity: 'refreshLicense', ...instance, orderId: `${orderId}R`, expireTime: '20991231155959' });
  await until(['has let it in again', '已重新放行'], ({ frozen }) => frozen === false);
  await send({ activity: 'releaseLicense', ...instance, orderId });
  await until(['has forgotten it', '已删除'], (kept) => Object.keys(kept).length === 0);
}

/** Verifies a licence as client software does: offline, with the public key alone. */
export async function checkLicense(
  { secrets }: Stage,
  report: Report,
  license: string,
  expected: Readonly<Record<string, unknown>>,
): Promise<void> {
  const publicKey = createPublicKey(secrets.seller.own?.[LICENSE_KEY] ?? '');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString().trimEnd();
  report.note([`the client knows this public key:\n${pem}`, `客户端持有此公钥：\n${pem}`]);
  try {
    const { payload } = await jwtVerify(license, publicKey, { issuer: ISSUER, algorithms: ['EdDSA'] });
    report.note([`the client reads: ${JSON.stringify(payload)}`, `客户端读到：${JSON.stringify(payload)}`]);
    const holds = Object.entries(expected).every(([name, value]) => payload[name] === value);
    report.check(holds, ['the client verifies the licence offline', '客户端离线验证 License']);
  } catch (error) {
    report.check(false, [
      `the client verifies the licence (${messageOf(error)})`,
      `客户端验证 License（${messageOf(error)}）`,
    ]);
  }
  const altered = `${license.slice(0, -2)}${license.endsWith('AA') ? 'BB' : 'AA'}`;
  const refused = await jwtVerify(altered, publicKey).then(
    () => false,
    () => true,
  );
  report.check(refused, ['and refuses one that was altered', '并拒绝被改动的 License']);
}
