import { createCipheriv, createHash, randomUUID } from 'node:crypto';
import { act, debug } from '../reference/act.ts';
import type { Settings } from '../reference/settings.ts';
import type { WrongServer } from './wrong-server.ts';

/* Servers whose answers hold the wrong things. */

const aes = (key: Buffer, text: string) => {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, 'A1b2C3d4E5f6G7h8');
  return `A1b2C3d4E5f6G7h8${cipher.update(text, 'utf8', 'base64')}${cipher.final('base64')}`;
};
const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();

/** Debugging answers with other usage. */
const withUsage =
  (usageInfo: unknown): Settings['debug'] =>
  (...call) => {
    const { info, ...rest } = debug(...call);
    return info === undefined ? rest : { ...rest, info: (info as object[]).map((one) => ({ ...one, usageInfo })) };
  };

export const contentServers: readonly WrongServer[] = [
  {
    name: 'spells the key of a customer like everything else',
    settings: () => ({ debug: () => ({ resultCode: '000000', resultMsg: 'ok', apikey: 'k' }) }),
    kind: 'maas',
    caught: ['check.apikey-missing.fail'],
  },
  {
    name: 'makes a new instanceId on each newInstance',
    settings: () => ({
      debug: (activity, ...rest) => ({
        ...debug(activity, ...rest),
        ...(activity === 'newInstance' && { instanceId: randomUUID() }),
      }),
    }),
    kind: 'saas-once',
    caught: ['finding.new-id-each-time'],
  },
  {
    name: 'answers debugging calls on unknown ids with 000003',
    settings: () => ({
      debug: (activity, members, settings, key) => act(activity, members, settings, key, Date.now()),
    }),
    kind: 'saas-period',
    caught: ['check.result-code.fail'],
  },
  {
    name: 'remembers debugging releases',
    settings: () => {
      const released = new Set<unknown>();
      return {
        debug: (activity, members, settings, key) => {
          if (activity === 'releaseInstance' && released.has(members.instanceId))
            return { resultCode: '000003', resultMsg: 'released' };
          if (activity === 'releaseInstance') released.add(members.instanceId);
          return debug(activity, members, settings, key);
        },
      };
    },
    kind: 'saas-once',
    caught: ['finding.repeat-refused'],
  },
  {
    name: 'will not create in debugging what was released in debugging',
    settings: () => {
      const released = new Set<unknown>();
      return {
        debug: (activity, members, settings, key) => {
          if (activity === 'releaseInstance') released.add(members.instanceId);
          return activity === 'newInstance' && released.has(members.businessId)
            ? { resultCode: '000003', resultMsg: 'released' }
            : debug(activity, members, settings, key);
        },
      };
    },
    kind: 'saas-once',
    caught: ['finding.test-release-kept'],
  },
  {
    name: 'remembers debugging releases of authorisation codes',
    settings: () => {
      const released = new Set<unknown>();
      return {
        debug: (activity, members, settings, key) => {
          if (activity === 'releaseLicenseCode') released.add(members.license);
          return activity === 'updateLicenseCodeStatus' && released.has(members.license)
            ? { resultCode: '000003', resultMsg: 'released' }
            : debug(activity, members, settings, key);
        },
      };
    },
    kind: 'license-2',
    caught: ['finding.test-release-kept'],
  },
  {
    name: 'says success to changes of instances that nobody bought',
    settings: () => ({
      act: (activity, ...rest) =>
        activity === 'updateInstanceStatus' ? { resultCode: '000000', resultMsg: 'success.' } : act(activity, ...rest),
    }),
    kind: 'saas-period',
    caught: ['finding.unknown-change-taken'],
    args: ['--orders', '0'],
  },
  {
    name: 'says success to expiries of instances that nobody bought (V1.0)',
    settings: () => ({
      act: (activity, ...rest) =>
        activity === 'expireInstance' ? { resultCode: '000000', resultMsg: 'success.' } : act(activity, ...rest),
    }),
    kind: 'saas-v1-period',
    caught: ['finding.unknown-change-taken'],
    args: ['--orders', '0'],
  },
  {
    name: 'takes a list of ids for one id',
    settings: () => ({
      debug: (activity, members, settings, key) => {
        const reply = debug(activity, members, settings, key);
        const [info] = Array.isArray(reply.info) ? reply.info : [];
        return info === undefined ? reply : { ...reply, info: [{ ...info, instanceId: members.instanceId }] };
      },
    }),
    kind: 'saas-once',
    caught: ['finding.several-missing'],
  },
  {
    name: 'refuses several ids in one query',
    settings: () => ({
      debug: (activity, members, settings, key) =>
        activity === 'queryInstance' && String(members.instanceId).includes(',')
          ? { resultCode: '000002', resultMsg: 'one id' }
          : debug(activity, members, settings, key),
    }),
    kind: 'saas-once',
    caught: ['finding.several-refused'],
  },
  {
    name: 'takes an order for its key, whatever the line',
    settings: () => ({
      debug: (activity, members, settings, key) =>
        activity === 'newInstance' && String(members.orderLineId).endsWith('2')
          ? { resultCode: '000005', resultMsg: 'order exists' }
          : debug(activity, members, settings, key),
    }),
    kind: 'saas-once',
    caught: ['finding.line-refused'],
  },
  {
    name: 'makes real instances for debugging calls',
    settings: () => ({
      debug: (activity, members, settings, key) =>
        activity === 'newInstance'
          ? act(activity, members, settings, key, Date.now())
          : debug(activity, members, settings, key),
    }),
    kind: 'saas-once',
    caught: ['finding.test-left-traces'],
  },
  {
    name: 'takes the access key itself for the AES key',
    settings: () => ({ sealAccess: (key, text) => aes(Buffer.from(key).subarray(0, 32), text) }),
    kind: 'saas-v1-once',
    caught: ['check.credential-closed.fail', 'aes.raw-key'],
  },
  {
    name: 'encrypts with AES-128 and says AES-256',
    settings: () => ({ sealAccess: (key, text) => aes(sha1(sha1(key)).subarray(0, 16), text) }),
    kind: 'saas-v1-once',
    caught: ['check.credential-closed.fail', 'aes.other-size'],
  },
  {
    name: 'leaves login data of V1.0 in the clear',
    settings: () => ({ sealAccess: (_, text) => text }),
    kind: 'saas-v1-once',
    caught: ['check.credential-closed.fail', 'aes.plain'],
  },
  {
    name: 'leaves frontEndUrl out',
    settings: () => ({ access: { userName: 'owner', password: 'Initial-1234' } }),
    kind: 'saas-once',
    caught: ['check.front-end-url-missing.fail'],
  },
  {
    name: 'writes Chinese unescaped',
    settings: () => ({ serialise: JSON.stringify }),
    kind: 'saas-once',
    caught: ['check.memo-not-escaped.fail'],
  },
  {
    name: 'writes the result code as a number',
    settings: () => ({ serialise: (reply) => JSON.stringify({ ...reply, resultCode: Number(reply.resultCode) }) }),
    kind: 'saas-once',
    caught: ['check.result-code-type.fail'],
  },
  {
    name: 'leaves resultMsg out (V1.0)',
    settings: () => ({
      serialise: (reply) =>
        JSON.stringify({ ...reply, resultMsg: undefined, appInfo: { ...Object(reply.appInfo), memo: '' } }),
    }),
    kind: 'saas-v1-once',
    caught: ['check.result-msg-missing.fail'],
  },
  {
    name: 'leaves appInfo out of newInstance (V1.0)',
    settings: () => ({
      debug: (activity, ...rest) => ({ ...debug(activity, ...rest), appInfo: undefined }),
    }),
    kind: 'saas-v1-once',
    caught: ['check.app-info-missing.fail'],
  },
  {
    name: 'gives ids of more than 64 characters',
    settings: () => ({
      debug: (activity, ...rest) => ({
        ...debug(activity, ...rest),
        ...(activity === 'newInstance' && { instanceId: 'i'.repeat(65) }),
      }),
    }),
    kind: 'saas-once',
    caught: ['check.instance-id-long.fail'],
  },
  {
    name: 'says more than resultMsg has room for',
    settings: () => ({ debug: (...call) => ({ ...debug(...call), resultMsg: 'm'.repeat(256) }) }),
    kind: 'saas-once',
    caught: ['check.result-msg-long.fail'],
    args: ['--orders', '0'],
  },
  {
    name: 'shows no usage of on-demand instances',
    settings: () => ({ debug: withUsage(undefined) }),
    kind: 'saas-on-demand',
    caught: ['check.usage-missing.fail'],
    args: ['--orders', '0'],
  },
  {
    name: 'names a usage page longer than its field',
    settings: () => ({
      debug: withUsage([
        {
          usageValue: 1,
          statisticalTime: '20260101000000000',
          dashboardUrl: `https://a.example.com/${'u'.repeat(500)}`,
        },
      ]),
    }),
    kind: 'saas-on-demand',
    caught: ['check.member-long.fail'],
    args: ['--orders', '0'],
  },
  {
    name: 'answers as text/html',
    settings: () => ({ contentType: 'text/html' }),
    kind: 'saas-once',
    caught: ['check.content-type.fail'],
  },
];
