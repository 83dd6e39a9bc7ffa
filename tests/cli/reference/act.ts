import type { Instance, Members, Reply, Settings } from './settings.ts';

/* What the reference server does: an in-memory life cycle by the documented rules. */

const done: Reply = { resultCode: '000000', resultMsg: 'success.' };
const refuse = (resultCode: string, resultMsg: string): Reply => ({ resultCode, resultMsg });
const missing = (members: Members, names: readonly string[]) =>
  names.find((name) => members[name] === undefined || members[name] === null || members[name] === '');

const USAGE = [{ usageValue: 12.5, statisticalTime: '20250901020000000' }];

const MANDATORY: Readonly<Record<string, readonly string[]>> = {
  newInstance: ['orderId'],
  queryInstance: ['instanceId'],
  refreshInstance: ['instanceId', 'orderId', 'expireTime'],
  updateInstanceStatus: ['instanceId', 'status'],
  releaseInstance: ['instanceId'],
  upgradeInstance: ['instanceId', 'orderId', 'orderLineId'],
  changeInstanceCheck: ['instanceId', 'productInfo'],
  expireInstance: ['instanceId'],
  upgrade: ['instanceId', 'orderId', 'skuCode', 'productId'],
  instanceStatus: ['instanceId', 'instanceStatus'],
  getLicenseAsync: ['instanceId', 'eventId', 'effectiveTime'],
  refreshLicenseCode: ['license', 'orderId', 'expireTime'],
  updateLicenseCodeStatus: ['license', 'status'],
  releaseLicenseCode: ['license'],
  orderNotify: ['orderId', 'orderLineId'],
  applyApikey: ['chargingMode', 'customerId', 'customerName'],
  tenantSync: ['tenantId'],
  applicationSync: ['tenantId', 'clientSecret'],
  authSync: ['tenantId', 'userList'],
  singleOrgSync: ['tenantId', 'orgCode'],
  allOrgSync: ['tenantId'],
  getLicense: ['orderId', 'customerId'],
  refreshLicense: ['instanceId', 'orderId'],
  expireLicense: ['instanceId'],
  releaseLicense: ['instanceId'],
};

/** A refusal if the call cannot be meant; undefined if it may go on. */
export function invalid(activity: string, members: Members): Reply | undefined {
  const needed = Object.hasOwn(MANDATORY, activity) ? MANDATORY[activity] : undefined;
  if (needed === undefined) return refuse('000002', 'unknown activity');
  const name = missing(members, needed);
  if (name !== undefined) return refuse('000002', `${name} is missing`);
  const text = needed.find(
    (one) => !['productInfo', 'userList', 'flag'].includes(one) && typeof members[one] !== 'string',
  );
  if (text !== undefined) return refuse('000002', `${text} is no text`);
  const { status, instanceStatus, expireTime, scene } = members;
  if (activity === 'queryInstance' && String(members.instanceId).split(',').length > 100)
    return refuse('000002', 'too many ids');
  if (activity === 'applyApikey' && members.chargingMode !== 'ON_DEMAND') return refuse('000002', 'chargingMode');
  if (status !== undefined && status !== 'FREEZE' && status !== 'UNFREEZE') return refuse('000002', 'status');
  if (instanceStatus !== undefined && instanceStatus !== 'FREEZE' && instanceStatus !== 'NORMAL')
    return refuse('000002', 'instanceStatus');
  if (expireTime !== undefined && activity === 'refreshInstance' && !/^\d{14}(\d{3})?$/.test(String(expireTime)))
    return refuse('000002', 'expireTime');
  if (
    scene !== undefined &&
    !/^(TRIAL_TO_FORMAL|RENEWAL|UNSUBSCRIBE_RENEWAL_PERIOD|RENEWAL_CHANGE)$/.test(String(scene))
  )
    return refuse('000002', 'scene');
  if (Object.values(members).some((value) => typeof value === 'string' && value.length > 4096))
    return refuse('000002', 'too long');
  return undefined;
}

/** Debugging calls are answered from their own content. */
export function debug(activity: string, members: Members, settings: Settings, key: string): Reply {
  const instanceId = String(members.instanceId ?? members.businessId ?? '');
  if (activity === 'newInstance' || activity === 'getLicense') {
    return {
      ...done,
      instanceId: String(members.businessId ?? instanceId),
      ...(activity === 'newInstance' && members.timeStamp !== undefined && access(settings, key)),
    };
  }
  if (activity === 'applyApikey') return { ...done, Apikey: 'no-key' };
  if (activity !== 'queryInstance') return done;
  const info = instanceId
    .split(',')
    .map((id) => ({ instanceId: id, ...accessOf(settings, key, members), usageInfo: USAGE }));
  return { ...done, ...(members.timeStamp !== undefined && { encryptType: '1' }), info };
}

function access(settings: Settings, key: string): Members {
  const { userName, password, ...rest } = settings.access;
  const seal = (text: unknown) => settings.sealAccess(key, String(text));
  return { encryptType: '1', appInfo: { ...rest, userName: seal(userName), password: seal(password) } };
}

function accessOf(settings: Settings, key: string, members: Members): Members {
  return { appInfo: members.timeStamp === undefined ? settings.access : access(settings, key).appInfo };
}

/** Real calls: conditions on the instance decide, repeats answer as the first call did. */
export function act(activity: string, members: Members, settings: Settings, key: string, sentAt: number): Reply {
  const { instances } = settings;
  const id = String(members.instanceId);
  if (activity === 'newInstance' || activity === 'getLicense') return create(members, settings, key, sentAt);
  if (activity === 'queryInstance') return query(members, settings, key);
  if (activity === 'applyApikey') return { ...done, Apikey: `key-of-${members.customerId}` };
  if (/^(orderNotify|getLicenseAsync)$|LicenseCode|Sync$/.test(activity)) return done;
  const instance = instances.get(id);
  if (instance === undefined) return refuse('000003', 'instance does not exist');
  if (activity.startsWith('release')) {
    instance.state = 'RELEASED';
    return done;
  }
  if (instance.state === 'RELEASED') return refuse('000003', 'instance is released');
  return change(activity, members, instance, sentAt);
}

function create(members: Members, settings: Settings, key: string, sentAt: number): Reply {
  const id = settings.newId(members, settings.instances);
  if (!settings.instances.has(id)) {
    settings.instances.set(id, { state: 'ACTIVE', expiresAt: '', orders: new Set(), statusAt: sentAt, expireSetAt: 0 });
  }
  const v1 = members.activity === 'newInstance' && members.timeStamp !== undefined;
  return { ...done, instanceId: id, ...(v1 && access(settings, key)) };
}

function query(members: Members, settings: Settings, key: string): Reply {
  const ids = String(members.instanceId).split(',');
  const found = ids.filter((id) => settings.instances.has(id));
  if (found.length === 0) return refuse('000003', 'instance does not exist');
  const info = found.map((id) => ({
    instanceId: id,
    ...(settings.instances.get(id)?.state !== 'RELEASED' && { ...accessOf(settings, key, members), usageInfo: USAGE }),
  }));
  return { ...done, ...(members.timeStamp !== undefined && { encryptType: '1' }), info };
}

function change(activity: string, members: Members, instance: Instance, sentAt: number): Reply {
  if (activity === 'changeInstanceCheck') return done;
  if (activity === 'updateInstanceStatus' || activity === 'instanceStatus' || activity === 'expireInstance') {
    if (sentAt <= instance.statusAt) return done;
    const wanted = String(members.status ?? members.instanceStatus ?? 'FREEZE');
    instance.state = wanted === 'FREEZE' ? 'FROZEN' : 'ACTIVE';
    instance.statusAt = sentAt;
    return done;
  }
  const order = `${activity}#${members.scene}#${members.orderId}#${members.orderLineId}`;
  if (instance.orders.has(order)) return done;
  instance.orders.add(order);
  if (typeof members.expireTime === 'string' && sentAt > instance.expireSetAt) {
    instance.expiresAt = members.expireTime;
    instance.expireSetAt = sentAt;
  }
  return done;
}
