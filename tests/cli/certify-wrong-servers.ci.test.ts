import { describe, expect, test } from '@jest/globals';
import { hasSentence } from '../../scripts/cli/messages/index.ts';
import { certify, type Report } from './certify-run.ts';
import { forgeryServers } from './wrong-servers/forgeries.ts';
import { WRONG_SERVERS } from './wrong-servers/index.ts';

const named = ({ findings }: Report) =>
  findings.flatMap(({ id, causes }) => [id, ...(causes ?? []).map((cause) => cause.id)]);

describe('koogate certify', () => {
  test.each(WRONG_SERVERS.filter(({ by }) => by === undefined).map((server) => [server.name, server] as const))(
    'catches a server that %s',
    async (_, { settings, kind, caught, advice, args = [] }) => {
      const { code, report } = await certify(settings(), kind, ...args);
      expect(code).toBe(advice ? 0 : 1);
      expect(named(report)).toEqual(expect.arrayContaining([...caught]));
      for (const name of named(report)) expect(`${name} ${hasSentence(name)}`).toBe(`${name} true`);
    },
  );

  test.each(forgeryServers.map((server) => [server.name, server] as const))(
    'never calls a server ready that %s',
    async (_, { settings, kind }) => {
      const { report } = await certify(settings(), kind, '--orders', '0');
      expect(report.cases.filter(({ passed }) => !passed)).toEqual([]);
      expect(report.verdict).toMatchObject({ id: 'verdict.forgeable', good: false });
    },
  );
});
