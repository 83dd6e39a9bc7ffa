import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { createNotes } from '../../../lib/instances/notes.ts';
import { get } from '../../marketplace/signed-calls.ts';
import { ISSUER, LICENSE_KEY } from '../samples/demo-licenses.ts';
import { createActor, poll } from './actor.ts';
import type { Report } from './report.ts';
import type { Stage } from './stage.ts';

const PRODUCT = 'license';
const CODE = 'LIC-DEMO-0001';

/** License 2.0: what becomes of a code that the marketplace made; License 1.0: a licence that the seller makes. */
export async function playLicense(stage: Stage, report: Report): Promise<void> {
  const { send, untilTenant } = createActor(stage, PRODUCT, report, 'license');

  report.heading('License 2.0: a code is renewed that nobody has told of; the call comes twice');
  const order = { orderId: 'CS2509251105RENEW', orderLineId: 'CS2509251105RENEW-000001' };
  const renewal = { activity: 'refreshLicenseCode', license: CODE, scene: 'RENEWAL', expireTime: '20991231155959' };
  await send({ ...renewal, ...order }, '000000');
  await send({ ...renewal, ...order }, '000000');
  await untilTenant(CODE, 'knows until when', (code) => code?.expiresAt === '2099-12-31T15:59:59.000Z');

  report.heading('License 2.0: frozen, valid again, released');
  await send({ activity: 'updateLicenseCodeStatus', license: CODE, status: 'FREEZE' }, '000000');
  await untilTenant(CODE, 'has frozen the code', (code) => code?.frozen === true);
  await send({ activity: 'updateLicenseCodeStatus', license: CODE, status: 'UNFREEZE' }, '000000');
  await untilTenant(CODE, 'takes the code again', (code) => code?.frozen === false);
  await send({ activity: 'releaseLicenseCode', license: CODE, testFlag: '1' }, '000000');
  await send({ activity: 'releaseLicenseCode', license: CODE }, '000000');
  await untilTenant(CODE, 'has forgotten the code', (code) => code === undefined);
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
    report.check(answer.json.resultCode === expected, `${parameters.activity} is answered ${expected}`);
    report.check(answer.bodySignHolds, 'Body-Sign holds');
    return answer.json;
  };

  report.heading('License 1.0: somebody buys, and the answer is the licence');
  const orderId = 'CS2201010930LICENSE';
  const purchase = { activity: 'getLicense', customerId: 'demo-customer', orderId, expireTime: '20991231155959' };
  const { instanceId, license } = await send(purchase);
  report.check((await send(purchase)).license === license, 'asked again, it is the same licence');
  await checkLicense(stage, report, String(license), { sub: String(instanceId) });

  report.heading('License 1.0: expired, renewed, released');
  const instance = { instanceId: String(instanceId) };
  const book = async () => Object((await notes.get(instance.instanceId)) ?? {}) as Readonly<Record<string, unknown>>;
  const until = async (what: string, holds: (kept: Readonly<Record<string, unknown>>) => boolean) =>
    report.check(
      (await report.waiting(`until the seller ${what}`, poll(book, holds))) !== undefined,
      `the seller ${what}`,
    );
  await send({ activity: 'expireLicense', ...instance });
  await until('has frozen it', ({ frozen }) => frozen === true);
  await send({ activity: 'refreshLicense', ...instance, orderId: `${orderId}R`, expireTime: '20991231155959' });
  await until('has let it in again', ({ frozen }) => frozen === false);
  await send({ activity: 'releaseLicense', ...instance, orderId });
  await until('has forgotten it', (kept) => Object.keys(kept).length === 0);
}

/** Verifies a licence as client software does: offline, with the public key alone. */
export async function checkLicense(
  { secrets }: Stage,
  report: Report,
  license: string,
  expected: Readonly<Record<string, unknown>>,
): Promise<void> {
  const publicKey = createPublicKey(secrets.seller.own?.[LICENSE_KEY] ?? '');
  report.note(`the client knows this public key:\n${publicKey.export({ type: 'spki', format: 'pem' })}`.trimEnd());
  try {
    const { payload } = await jwtVerify(license, publicKey, { issuer: ISSUER, algorithms: ['EdDSA'] });
    report.note(`the client reads: ${JSON.stringify(payload)}`);
    const holds = Object.entries(expected).every(([name, value]) => payload[name] === value);
    report.check(holds, 'the client verifies the licence offline');
  } catch (error) {
    report.check(false, `the client verifies the licence (${error instanceof Error ? error.message : error})`);
  }
  const altered = `${license.slice(0, -2)}${license.endsWith('AA') ? 'BB' : 'AA'}`;
  const refused = await jwtVerify(altered, publicKey).then(
    () => false,
    () => true,
  );
  report.check(refused, 'and refuses one that was altered');
}
