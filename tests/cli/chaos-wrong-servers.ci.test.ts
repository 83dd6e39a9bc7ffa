import { describe, expect, test } from '@jest/globals';
import { hasSentence } from '../../scripts/cli/messages/index.ts';
import { chaos, type Report } from './chaos-run.ts';
import { WRONG_SERVERS } from './wrong-servers/index.ts';

const named = ({ probes }: Report) => probes.flatMap(({ findings }) => findings.map(({ id }) => id));

describe('koogate chaos', () => {
  test.each(WRONG_SERVERS.filter(({ by }) => by === 'chaos').map((server) => [server.name, server] as const))(
    'catches a server that %s',
    async (_, { settings, caught, advice, args = [] }) => {
      const { code, report } = await chaos(settings(), ...args);
      expect(named(report)).toEqual(expect.arrayContaining([...caught]));
      for (const name of named(report)) expect(`${name} ${hasSentence(name)}`).toBe(`${name} true`);
      expect(code).toBe(advice ? 0 : 1);
    },
  );
});
