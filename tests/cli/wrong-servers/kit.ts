import { debug } from '../reference/act.ts';
import { parseMembers, verify } from '../reference/verify.ts';
import type { WrongServer } from './wrong-server.ts';

/* Servers with faults of the Kit. */

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
  },
];
