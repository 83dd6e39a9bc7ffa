import { createActor, poll } from './actor.ts';
import { checkLicense } from './license.ts';
import type { Report } from './report.ts';
import type { Stage } from './stage.ts';

const PRODUCT = 'online-license';

/** Licences for client software: bought, applied for by devices, delivered, renewed, released. */
export async function playOnlineLicense(stage: Stage, report: Report): Promise<void> {
  const { send, untilTenant } = createActor(stage, PRODUCT, report);
  const { uploads } = stage.standIn;
  const order = (orderId: string) => ({ orderId, orderLineId: `${orderId}-000001` });

  report.heading(['Online License: somebody buys licences for devices', '在线 License：有人为设备订购 License']);
  const purchase = { activity: 'newInstance', businessId: crypto.randomUUID(), ...order('CS2509010930ONLINE') };
  const instanceId = String((await send(purchase, '000004', '000000')).json.instanceId);
  await untilTenant(instanceId, ['knows the instance', '记下实例'], (book) => book !== undefined);

  report.heading([
    'Online License: a device applies, twice; it gets one licence, by the upload API',
    '在线 License：设备申请两次；经上传接口得到一个 License',
  ]);
  const deviceFingerprint = '00:00:5E:00:53:01|DISK-1|BOARD-1|CPU-1';
  const application = { activity: 'getLicenseAsync', instanceId, effectiveTime: '2025-09-01 10:30:15 z' };
  const first = { ...application, expireTime: '2099-09-01 10:30:15 z', eventId: 'evt-0001', deviceFingerprint };
  await send(first, '000000');
  await send({ ...first, effectiveTime: '20250901103015', expireTime: '20990901103015' }, '000000');
  const arrived = await report.waiting(
    ['until the licence is delivered', '直到 License 送达'],
    poll(
      async () => uploads.filter(({ eventId }) => eventId === 'evt-0001'),
      (some) => some.length > 0,
    ),
  );
  report.check(arrived?.value.length === 1, [
    'one licence is delivered, under the event that asked for it',
    '送达一个 License，对应其申请事件',
  ]);
  await checkLicense(stage, report, arrived?.value[0]?.text ?? '', {
    sub: instanceId,
    device: deviceFingerprint,
    exp: Date.parse('2099-09-01T10:30:15Z') / 1000,
  });

  report.heading([
    'Online License: applications that the seller turns down, at once and with their own codes',
    '在线 License：卖家立即以相应结果码拒绝的申请',
  ]);
  const next = { ...application, expireTime: first.expireTime, eventId: 'evt-0002' };
  await send(next, '000903');
  await send({ ...application, eventId: 'evt-0003', deviceFingerprint }, '000902');
  await send({ ...next, eventId: 'evt-0004', expireTime: '20200101000000', deviceFingerprint }, '000901');

  report.heading([
    'Online License: a dial test, a renewal, a freeze, and the end',
    '在线 License：拨测、续费、冻结与结束',
  ]);
  await send({ ...first, instanceId: 'nobody', testFlag: '1' }, '000000');
  const renewal = { activity: 'refreshInstance', scene: 'RENEWAL', instanceId, expireTime: '20991231155959' };
  await send({ ...renewal, ...order('CS2609011105ONLINE') }, '000000');
  await untilTenant(
    instanceId,
    ['knows the date', '记下日期'],
    (book) => book?.expiresAt === '2099-12-31T15:59:59.000Z',
  );
  await send({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' }, '000000');
  await untilTenant(instanceId, ['has frozen it', '已冻结'], (book) => book?.frozen === true);
  await send({ activity: 'releaseInstance', instanceId }, '000000');
  await untilTenant(instanceId, ['has forgotten it', '已删除'], (book) => book === undefined);
  await send({ ...first, eventId: 'evt-0005' }, '000003');
}
