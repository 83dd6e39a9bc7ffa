import { act, debug } from '../reference/act.ts';
import { parseMembers, verify } from '../reference/verify.ts';
import type { WrongServer } from './wrong-server.ts';

/* Servers with faults of the Kit. */

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const kitServers: readonly WrongServer[] = [
  {
    name: 'verifies the Kit with the base key',
    settings: () => ({
      verify: (heard, settings) => verify(heard, { ...settings, keys: { ...settings.keys, kit: settings.keys.base } }),
    }),
    kind: 'joint-once',
    caught: ['finding.server-takes', 'key.wrong-class'],
  },
  {
    name: 'looks whether a department exists before it deletes it',
    settings: () => ({
      debug: (activity, members, settings, key) =>
        activity === 'singleOrgSync' && members.flag === 0
          ? { resultCode: '000003', resultMsg: 'unknown' }
          : debug(activity, members, settings, key),
    }),
    kind: 'joint-once',
    caught: ['finding.delete-refused'],
  },
  {
    name: 'opens the client secret before it checks the signature',
    settings: () => ({
      verify: (heard, settings) => {
        const secret = heard.path.endsWith('/applicationSync') ? String(parseMembers(heard)?.clientSecret) : undefined;
        const opens =
          secret === undefined || settings.access.openable === undefined || secret === settings.access.openable;
        const proof = verify(heard, settings);
        return secret !== undefined && 'refused' in proof && opens ? { refused: '000101' } : proof;
      },
    }),
    kind: 'joint-once',
    caught: ['finding.decrypts-first'],
    advice: true,
  },
  {
    name: 'refuses to delete a user twice',
    settings: () => {
      const gone = new Set<unknown>();
      return {
        act: (activity, members, ...rest) => {
          if (activity !== 'authSync' || members.flag !== 0) return act(activity, members, ...rest);
          if (gone.has(members.tenantId)) return { resultCode: '000003', resultMsg: 'no such user' };
          gone.add(members.tenantId);
          return act(activity, members, ...rest);
        },
      };
    },
    kind: 'joint-once',
    by: 'chaos',
    caught: ['chaos.kit-refused'],
    args: ['--family', 'kit-v2', '--probe', 'kit-repeats'],
  },
  {
    name: 'locks a tenant against calls at the same time',
    settings: () => {
      const busy = new Set<unknown>();
      return {
        act: async (activity, members, ...rest) => {
          if (!activity.endsWith('Sync')) return act(activity, members, ...rest);
          if (busy.has(members.tenantId)) return { resultCode: '000005', resultMsg: 'tenant is locked' };
          busy.add(members.tenantId);
          await wait(20);
          busy.delete(members.tenantId);
          return act(activity, members, ...rest);
        },
      };
    },
    kind: 'joint-once',
    by: 'chaos',
    caught: ['chaos.kit-at-once'],
    args: ['--family', 'kit-v2', '--probe', 'kit-opposites'],
  },
];
