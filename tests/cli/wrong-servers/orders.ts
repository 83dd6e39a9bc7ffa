import { createHash, randomUUID } from 'node:crypto';
import { act } from '../reference/act.ts';
import { acting, type WrongServer } from './wrong-server.ts';

/* Servers that mistake one purchase for another, or what an order says for what it does not. */

export const orderServers: readonly WrongServer[] = [
  {
    name: 'makes a licence for each getLicense (License 1.0)',
    settings: () => ({ newId: () => randomUUID() }),
    kind: 'license-1',
    by: 'chaos',
    caught: ['chaos.many-ids'],
    args: ['--family', 'license-1', '--probe', 'duplicates'],
  },
  {
    name: 'takes the order alone for the key of a purchase',
    settings: () => ({ newId: ({ orderId }) => createHash('sha256').update(String(orderId)).digest('hex') }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.lines-share-id'],
    args: ['--probe', 'two-lines'],
  },
  {
    name: 'sells one line of an order alone',
    settings: () => ({
      act: acting(['newInstance'], (activity, members, ...rest) =>
        String(members.orderLineId).endsWith('2')
          ? { resultCode: '000005', resultMsg: 'order exists' }
          : act(activity, members, ...rest),
      ),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.line-refused'],
    args: ['--probe', 'two-lines'],
  },
  {
    name: 'never shortens a paid period',
    settings: () => ({
      act: acting(['refreshInstance'], (activity, members, settings, ...rest) => {
        const stored = settings.instances.get(String(members.instanceId))?.expiresAt ?? '';
        return String(members.expireTime) < stored
          ? { resultCode: '000000' }
          : act(activity, members, settings, ...rest);
      }),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.withdrawal-ignored'],
    args: ['--probe', 'withdrawn-renewal'],
  },
  {
    name: 'refuses withdrawn renewals',
    settings: () => ({
      act: acting(['refreshInstance'], (activity, members, ...rest) =>
        members.scene === 'UNSUBSCRIBE_RENEWAL_PERIOD'
          ? { resultCode: '000002', resultMsg: 'scene' }
          : act(activity, members, ...rest),
      ),
    }),
    kind: 'saas-period',
    by: 'chaos',
    caught: ['chaos.withdrawal-refused'],
    args: ['--probe', 'withdrawn-renewal'],
  },
];
