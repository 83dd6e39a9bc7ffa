import { createHash, randomUUID } from 'node:crypto';
import { act } from '../reference/act.ts';
import { acting, type WrongServer } from './wrong-server.ts';

/* Servers whose stored state goes wrong under repeats, replays and reordering. */

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const lifeServers: readonly WrongServer[] = [
  {
    name: 'takes businessId for the key of a purchase',
    settings: () => ({ newId: ({ businessId }) => String(businessId) }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.many-ids'],
    args: ['--probe', 'duplicates'],
  },
  {
    name: 'makes a key each time a customer asks for one',
    settings: () => ({
      act: acting(['applyApikey'], () => ({ resultCode: '000000', resultMsg: 'ok', Apikey: randomUUID() })),
    }),
    kind: 'maas',
    by: 'chaos',
    caught: ['chaos.many-keys'],
    args: ['--family', 'maas', '--probe', 'one-key'],
  },
  {
    name: 'gives all customers one key',
    settings: () => ({
      act: acting(['applyApikey'], () => ({ resultCode: '000000', resultMsg: 'ok', Apikey: 'the-key' })),
    }),
    kind: 'maas',
    by: 'chaos',
    caught: ['chaos.shared-key'],
    args: ['--family', 'maas', '--probe', 'one-key'],
  },
  {
    name: 'gives a key to a recorded call',
    settings: () => ({ nonce: () => true }),
    kind: 'maas',
    by: 'chaos',
    caught: ['chaos.replay-gives-credentials'],
    args: ['--family', 'maas', '--probe', 'replayed-key'],
  },
  {
    name: 'looks first and writes later',
    settings: () => {
      const ids = new Map<string, string>();
      return {
        act: acting(['newInstance'], async (activity, members, settings, key, sentAt) => {
          const order = String(members.orderId);
          const known = ids.get(order);
          await wait(20);
          const id = known ?? randomUUID();
          ids.set(order, id);
          return act(activity, members, { ...settings, newId: () => id }, key, sentAt);
        }),
      };
    },
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.many-ids'],
    args: ['--probe', 'duplicates'],
  },
  {
    name: 'refuses a purchase that is already there',
    settings: () => ({
      act: acting(['newInstance'], (activity, members, settings, key, sentAt) => {
        const id = createHash('sha256').update(`${members.orderId}|${members.orderLineId}`).digest('hex').slice(0, 36);
        return settings.instances.has(id)
          ? { resultCode: '000005', resultMsg: 'exists' }
          : act(activity, members, settings, key, sentAt);
      }),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.repeat-refused'],
    args: ['--probe', 'repeat-later'],
  },
  {
    name: 'remembers no nonces',
    settings: () => ({ nonce: () => true }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.replay-gives-credentials'],
    args: ['--probe', 'replayed-read'],
  },
  {
    name: 'carries out a replayed FREEZE',
    settings: () => ({
      nonce: () => true,
      act: acting(['updateInstanceStatus'], (activity, members, settings, key) =>
        act(activity, members, settings, key, Number.MAX_SAFE_INTEGER - 1e9 + performance.now() * 1000),
      ),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.replay-changed-state', 'chaos.overtaken-took-effect'],
    args: ['--probe', 'replayed-freeze', '--probe', 'overtaken-freeze'],
  },
  {
    name: 'lets the renewal that arrives last win',
    settings: () => ({
      act: acting(['refreshInstance'], (activity, members, settings, key) =>
        act(activity, members, settings, key, 2e15 + performance.now() * 1000),
      ),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.older-date-won'],
    advice: true,
    args: ['--probe', 'overtaken-renewal'],
  },
  {
    name: 'adds a year for every renewal that arrives',
    settings: () => ({
      act: acting(['refreshInstance'], (_, members, settings) => {
        const instance = settings.instances.get(String(members.instanceId));
        if (instance === undefined) return { resultCode: '000003' };
        const year = Number(instance.expiresAt.slice(0, 4) || '2026') + 1;
        instance.expiresAt = `${year}0101000000`;
        return { resultCode: '000000' };
      }),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.renewed-twice'],
    args: ['--probe', 'duplicate-renewal'],
  },
  {
    name: 'refuses a second release',
    settings: () => ({
      act: acting(['releaseInstance'], (activity, members, settings, key, sentAt) =>
        settings.instances.get(String(members.instanceId))?.state === 'RELEASED'
          ? { resultCode: '000003' }
          : act(activity, members, settings, key, sentAt),
      ),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.release-refused'],
    args: ['--probe', 'after-release'],
  },
  {
    name: 'forgets what was released, and sells it again',
    settings: () => ({
      newId: () => randomUUID(),
      act: acting(['releaseInstance', 'newInstance'], (activity, members, settings, key, sentAt) => {
        const known = [...settings.instances].find(([, { orders }]) => orders.has(String(members.orderId)));
        if (activity === 'releaseInstance') {
          settings.instances.delete(String(members.instanceId));
          return { resultCode: '000000' };
        }
        if (known !== undefined) return { resultCode: '000000', instanceId: known[0] };
        const reply = act(activity, members, settings, key, sentAt);
        settings.instances.get(String(reply.instanceId))?.orders.add(String(members.orderId));
        return reply;
      }),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.many-ids'],
    args: ['--probe', 'after-release'],
  },
  {
    name: 'takes calls for instances nobody bought',
    settings: () => ({ act: acting(['refreshInstance', 'updateInstanceStatus'], () => ({ resultCode: '000000' })) }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.unknown-taken'],
    args: ['--probe', 'unknown-instances'],
  },
  {
    name: 'takes debugging calls for real',
    settings: () => ({ isTest: () => false }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.test-touched-state'],
    args: ['--probe', 'debugging-calls'],
  },
  {
    name: 'checks the signature after the work is done',
    settings: () => ({
      verify: (_, settings) => ({ key: settings.keys.base[0] ?? '' }),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.wrong-key-taken', 'chaos.wrong-time-taken', 'chaos.tampered-taken', 'chaos.refused-but-done'],
    args: ['--probe', 'wrong-key', '--probe', 'clocks', '--probe', 'tampering'],
  },
  {
    name: 'reads any number as a timestamp and forgets the future',
    settings: () => ({ window: (timestamp, now) => now - Number(timestamp) <= 60_000 }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.wrong-time-taken', 'chaos.tampered-taken'],
    args: ['--probe', 'clocks', '--probe', 'tampering'],
  },
  {
    name: 'breaks over members of other types',
    settings: () => ({
      act: acting(['newInstance'], (activity, members, settings, key, sentAt) =>
        act(activity, { ...members, orderId: String(members.orderId).trim() }, settings, key, sentAt),
      ),
      unknownActivity: () => {
        throw new TypeError('handlers[activity] is not a function');
      },
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.malformed-broke'],
    args: ['--probe', 'malformed'],
  },
];
