import type { IncomingHttpHeaders } from 'node:http';
import type { Order } from '../../lib/seller/contract.ts';
import { httpSeller } from '../../lib/seller/http.ts';
import { eraseOverHttp } from '../../lib/seller/http-erase.ts';
import type { SellerEvent } from '../../lib/seller/request.ts';
import { context as hookContext } from '../seller/hooks.ts';
import { type Installation, KEYS, startInstallation } from '../support/installation.ts';
import { encryptSecret, kitSender } from '../support/kit.ts';
import { listen } from '../support/listen.ts';

/*
 * Real runs of the HTTP seller: the marketplace's calls come in at the route, fulfilment carries them to a server on
 * loopback, and what passed between the two is kept. Clock, secret and orders are fixed, and ids follow from them, so
 * every byte is the same in every run; only the webhook-id of canChange is left to chance.
 */

/** One call of the seller's server. */
export interface Run {
  readonly event: SellerEvent;
  readonly headers: IncomingHttpHeaders;
  /** The body, byte for byte. */
  readonly request: string;
  readonly answer: unknown;
  /** What the marketplace was answered, or found out, once this was done. */
  readonly outcome: unknown;
}

/** Signs the calls of all runs; on the page, so that readers can check their own code with it. */
export const SECRET = `whsec_${Buffer.from('an example of 32 bytes, no more.').toString('base64')}`;

const START = Date.UTC(2026, 8, 1, 1, 30);
const SECOND = 1_000;

/** The answers that the seller's server gives in the runs, by event and name. */
/** Id that KooGate derives for the on-demand instance. */
const USAGE_INSTANCE = '333fdc8e-7abe-8b6b-88bc-d2bc80fb203f';

const INSTANCE_ERASED = '5f0c2a7e-3b1d-4c8e-9a66-0d2f4b7c9e11';

export const SAID = {
  provision: {
    access: {
      access: {
        frontEndUrl: 'https://acme.example.com/login',
        adminUrl: 'https://acme.example.com/admin',
        userName: 'admin',
        password: 'Initial-1234',
        memo: 'Change the password when you first sign in.',
      },
    },
    refused: { refused: { resultCode: '000103', resultMsg: 'one instance per customer' } },
    failed: { failed: { reason: 'no plan for sku-huge' } },
  },
  renew: { done: {}, failed: { failed: { reason: 'no such tenant' } } },
  canChange: { yes: { allowed: true }, no: { allowed: false, reason: '8 seats are in use' } },
  usage: {
    amounts: {
      usage: [
        {
          instanceId: USAGE_INSTANCE,
          value: '1204.5',
          at: '2026-09-01T01:30:00.000Z',
          dashboardUrl: 'https://crm.example.com/usage',
        },
      ],
    },
  },
  applyApikey: {
    apikey: { apikey: 'sk-acme-7d1f0c52e94b' },
    refused: { refused: { resultCode: '000106', resultMsg: 'no capacity for new customers' } },
  },
  issueLicense: {
    license: { license: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJkZXZpY2UtMSJ9.c2lnbmF0dXJl' },
    file: { file: { name: 'device-4.lic', base64: 'TElDRU5DRSBkZXZpY2UtNAo=' } },
    refused: { refused: { resultCode: '000900', resultMsg: 'all 10 seats have a license' } },
    failed: { failed: { reason: 'the signing key was revoked' } },
  },
} as const;

/** Plays every event, and every kind of answer at least once. */
export async function playAll(): Promise<ReadonlyMap<string, Run>> {
  let say: unknown = {};
  const heard: Omit<Run, 'answer' | 'outcome'>[] = [];
  const server = await listen(({ headers }, request, response) => {
    const { event } = JSON.parse(request) as { event: SellerEvent };
    heard.push({ event, headers, request });
    // A purchase that failed is followed by its clean-up, which is done.
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(heard.length > 1 ? {} : say));
  });
  const remote = { url: `${server.url}/koogate`, secret: async () => SECRET };
  const seller = httpSeller(remote);
  const installation = await startInstallation(
    {
      crm: { seller, families: ['saas-v2', 'order-notify', 'kit-v2'] },
      codes: { seller, families: ['license-2'] },
      desktop: { seller, families: ['license-online', 'order-notify'] },
      models: { seller, families: ['maas'] },
    },
    { queryOrder: async (orderId, orderLineId = `${orderId}-000001`) => orderOf(orderId, orderLineId) },
  );
  installation.time.now = START;

  const runs = new Map<string, Run>();
  let cleanUp: Run | undefined;
  /** One call of the marketplace that makes one call of the seller's server, and what came of it. */
  const run = async (name: string, answer: unknown, act: () => Promise<unknown>): Promise<void> => {
    say = answer;
    heard.length = 0;
    installation.time.now += 10 * SECOND;
    const outcome = await act();
    const [exchange, clean, ...others] = heard;
    if (clean?.event === 'release') cleanUp = { ...clean, answer: {}, outcome: '000000' };
    else if (clean !== undefined) others.push(clean);
    if (exchange === undefined || others.length > 0) throw new Error(`${name}: ${heard.length} calls of the server.`);
    runs.set(name, { ...exchange, answer, outcome });
  };
  try {
    await playLife(installation, run);
    await playLicenses(installation, run);
    await playTenants(installation, run);
    await playUsage(installation, run, async (answer, act) => {
      say = answer;
      heard.length = 0;
      await act();
    });
    await playApikey(installation, run);
    await run('erase.done', {}, async () => {
      const erasure = { product: 'crm', customerId: 'c-6f21', instanceIds: [INSTANCE_ERASED] };
      const context = { ...hookContext(), now: new Date(installation.time.now) };
      return (await eraseOverHttp(remote, erasure, context)) === 'erased' ? '000000' : '000005';
    });
    if (cleanUp !== undefined) runs.set('release.cleanUp', cleanUp);
  } finally {
    await installation.stop();
    await server.close();
  }
  return runs;
}

type Play = (name: string, answer: unknown, act: () => Promise<unknown>) => Promise<void>;

const INSTANCE = 'CS2609010930ACME1';
const RENEWAL = 'CS2708250801ACME2';
const UPGRADE = 'CS2703010800ACME3';

function sender(installation: Installation, product: string, key?: string) {
  return async (message: Readonly<Record<string, unknown>>) => {
    installation.time.now += SECOND;
    const { json } = await installation.call(message, { product, ...(key === undefined ? {} : { key }) });
    return json;
  };
}

/** Accepts a change and carries it out. */
const carried =
  (installation: Installation, send: ReturnType<typeof sender>) =>
  (message: Readonly<Record<string, unknown>>) =>
  async () => {
    const { resultCode } = await send(message);
    await installation.sweep();
    return resultCode;
  };

async function playLife(installation: Installation, run: Play): Promise<void> {
  const send = sender(installation, 'crm');
  const change = carried(installation, send);
  const purchase = (orderId: string) => ({
    activity: 'newInstance',
    businessId: `b-${orderId}`,
    orderId,
    orderLineId: `${orderId}-000001`,
  });
  /** Buys, and asks again once the seller has answered. */
  const buy = (orderId: string) => async () => {
    await send(purchase(orderId));
    await installation.sweep();
    return (await send(purchase(orderId))).resultCode;
  };
  await run('provision.access', SAID.provision.access, buy(INSTANCE));
  await run('provision.refused', SAID.provision.refused, buy('CS2609020930ACME4'));
  await run('provision.failed', SAID.provision.failed, buy('CS2609030930ACME5'));

  const instanceId = String((await send(purchase(INSTANCE))).instanceId);
  const renewal = (orderId: string) => ({
    activity: 'refreshInstance',
    scene: 'RENEWAL',
    instanceId,
    orderId,
    orderLineId: `${orderId}-000001`,
    expireTime: '20280901155959',
  });
  await run('renew.done', SAID.renew.done, change(renewal(RENEWAL)));
  await run('renew.failed', SAID.renew.failed, change(renewal('CS2708260801ACME6')));
  const status = { activity: 'updateInstanceStatus', instanceId };
  await run('freeze.done', {}, change({ ...status, status: 'FREEZE' }));
  await run('unfreeze.done', {}, change({ ...status, status: 'UNFREEZE' }));
  const question = {
    activity: 'changeInstanceCheck',
    instanceId,
    productInfo: { productId: 'crm-small-year', linearValue: 5 },
  };
  await run('canChange.yes', SAID.canChange.yes, async () => (await send(question)).resultCode);
  await run('canChange.no', SAID.canChange.no, async () => (await send(question)).resultCode);
  const upgrade = { activity: 'upgradeInstance', instanceId, orderId: UPGRADE, orderLineId: `${UPGRADE}-000001` };
  await run('upgrade.done', {}, change(upgrade));
  await run('release.done', {}, change({ activity: 'releaseInstance', instanceId }));
  const notice = { activity: 'orderNotify', orderId: 'CS2609040930ACME7', orderLineId: 'CS2609040930ACME7-000001' };
  await run('orderNotified.done', {}, carried(installation, sender(installation, 'crm', KEYS.general[0]))(notice));
}

async function playLicenses(installation: Installation, run: Play): Promise<void> {
  const send = sender(installation, 'desktop');
  const orderId = 'CS2609050930ACME8';
  const purchase = { activity: 'newInstance', businessId: 'b-8', orderId, orderLineId: `${orderId}-000001` };
  let instanceId = '';
  await run('provision.licenses', {}, async () => {
    instanceId = String((await send(purchase)).instanceId);
    await installation.sweep();
    return (await send(purchase)).resultCode;
  });
  const apply = (device: number) => async () => {
    const { resultCode } = await send({
      activity: 'getLicenseAsync',
      instanceId,
      eventId: `evt-2026090${device}`,
      effectiveTime: '2026-09-05 00:00:00 z',
      expireTime: '2027-09-05 15:59:59 z',
      deviceFingerprint: `00:00:5E:00:53:0${device}|DISK-${device}|BOARD-${device}`,
    });
    await installation.sweep();
    return { resultCode, delivered: installation.delivered.length };
  };
  await run('issueLicense.license', SAID.issueLicense.license, apply(1));
  await run('issueLicense.refused', SAID.issueLicense.refused, apply(2));
  await run('issueLicense.failed', SAID.issueLicense.failed, apply(3));
  await run('issueLicense.file', SAID.issueLicense.file, apply(4));

  const change = carried(installation, sender(installation, 'codes', KEYS.license[0]));
  const license = 'LIC-2026-0001-ACME';
  const renewal = { orderId: RENEWAL, orderLineId: `${RENEWAL}-000001`, expireTime: '20280901155959' };
  await run(
    'licenseRenewed.done',
    {},
    change({ activity: 'refreshLicenseCode', license, scene: 'RENEWAL', ...renewal }),
  );
  const status = { activity: 'updateLicenseCodeStatus', license };
  await run('licenseFrozen.done', {}, change({ ...status, status: 'FREEZE' }));
  await run('licenseUnfrozen.done', {}, change({ ...status, status: 'UNFREEZE' }));
  await run('licenseReleased.done', {}, change({ activity: 'releaseLicenseCode', license }));
}

/** Somebody looks at the usage of an on-demand instance, which was bought before. */
async function playUsage(
  installation: Installation,
  run: Play,
  prepare: (answer: unknown, act: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const send = sender(installation, 'crm');
  const orderId = 'OD2609060930ACME9';
  let instanceId = '';
  await prepare(SAID.provision.access, async () => {
    const purchase = { activity: 'newInstance', businessId: 'b-9', orderId, orderLineId: `${orderId}-000001` };
    instanceId = String((await send(purchase)).instanceId);
    await installation.sweep();
  });
  await run('usage.amounts', SAID.usage.amounts, async () => {
    const { info } = await send({ activity: 'queryInstance', instanceId });
    return Object(Array.isArray(info) ? info[0] : {}).usageInfo;
  });
}

/** Customers subscribe to a model. */
async function playApikey(installation: Installation, run: Play): Promise<void> {
  const send = sender(installation, 'models');
  const subscription = { activity: 'applyApikey', chargingMode: 'ON_DEMAND', customerName: '示例公司' };
  await run('applyApikey.apikey', SAID.applyApikey.apikey, async () => {
    const { Apikey } = await send({ ...subscription, customerId: 'c-6f21' });
    return Apikey;
  });
  await run('applyApikey.refused', SAID.applyApikey.refused, async () => {
    const { resultCode } = await send({ ...subscription, customerId: 'c-6f22' });
    return resultCode;
  });
}

async function playTenants(installation: Installation, run: Play): Promise<void> {
  const send = kitSender(installation);
  const common = { instanceId: '5f0c2a7e-3b1d-4c8e-9a66-0d2f4b7c9e11', tenantId: 'tenant-acme', testFlag: 0 };
  const sync = (activity: string, message: Readonly<Record<string, unknown>>) => async () => {
    const { json } = await send(activity, { ...common, ...message }, { product: 'crm' });
    await installation.sweep();
    return json.resultCode;
  };
  const tenant = {
    orderId: INSTANCE,
    tenantCode: 'acme',
    name: 'Acme Ltd',
    domainName: 'https://acme.identity.example.com',
  };
  const clientSecret = encryptSecret(installation.kitPublicKey, 'a-client-secret');
  const application = { appId: 'app-1001', clientId: 'client-7f31', clientSecret };
  const user = {
    userName: 'jdoe',
    name: 'Jane Doe',
    orgCode: '100',
    role: 'admin',
    enable: 'true',
    email: 'jdoe@example.com',
  };
  const users = (flag: number) => ({ appId: 'app-1001', currentSyncTime: '20260901093000000', userList: [user], flag });
  const department = { orgCode: '110', orgName: 'Research', parentCode: '100' };
  const orgInfoList = [{ orgCode: '100', orgName: 'Acme', parentCode: '' }, department];
  await run('tenantChanged.done', {}, sync('tenantSync', { ...tenant, flag: 1 }));
  await run('applicationChanged.done', {}, sync('applicationSync', { ...application, flag: 1 }));
  await run('userChanged.done', {}, sync('authSync', users(1)));
  await run('userChanged.removed', {}, sync('authSync', users(0)));
  await run('departmentChanged.done', {}, sync('singleOrgSync', { ...department, flag: 1 }));
  await run('departmentsReplaced.done', {}, sync('allOrgSync', { orgInfoList }));
}

const PERIOD = (isRenewal: boolean) => ({
  chargingMode: 'PERIOD',
  expiresAt: new Date(Date.UTC(isRenewal ? 2028 : 2027, 8, 1, 15, 59, 59)),
  periodType: 'year',
  periodNumber: 1,
});

/** An order as the marketplace's order query describes it. */
function orderOf(orderId: string, orderLineId: string): Order {
  const isUpgrade = orderId === UPGRADE;
  const isRenewal = orderId.startsWith('CS2708');
  return {
    orderId,
    orderType: isUpgrade ? 'CHANGE' : isRenewal ? 'RENEW' : 'NEW',
    createdAt: new Date(START - 60 * SECOND),
    line: {
      orderLineId,
      ...(orderId.startsWith('OD') ? { chargingMode: 'ON_DEMAND' } : PERIOD(isRenewal)),
      amount: isUpgrade ? '300.00' : '1200.00',
      amountAfterDiscount: isUpgrade ? '300.00' : '1080.00',
      products: [
        { productId: 'crm-team-year', skuCode: 'sku-team', linearValue: isUpgrade ? 20 : 10, productName: 'Acme CRM' },
      ],
    },
    ...(isUpgrade || isRenewal
      ? {}
      : {
          buyer: {
            customerId: 'c-6f21',
            customerName: '示例公司',
            mobilePhone: '13800000000',
            email: 'buyer@example.com',
          },
        }),
    extendParams: isUpgrade || isRenewal ? [] : [{ name: 'domain', value: 'acme' }],
  };
}
