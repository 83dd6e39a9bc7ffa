import { describe, expect, test } from '@jest/globals';
import { hasSentence } from '../../scripts/cli/messages/index.ts';
import { keyArguments, koogate } from './desk.ts';
import { KEYS, referenceSettings, startServer } from './reference/server.ts';
import type { Settings } from './reference/settings.ts';
import { WRONG_SERVERS } from './wrong-servers/index.ts';

interface Report {
  readonly wrong: number;
  readonly probes: {
    id: string;
    verdict: string;
    did: Record<string, number>;
    findings: { id: string; text: string }[];
  }[];
}

async function chaos(settings: Partial<Settings>, ...args: string[]) {
  const keys = settings.keys ?? KEYS;
  const server = await startServer(referenceSettings(settings));
  try {
    const ran = await koogate([
      'chaos',
      '--at',
      server.at,
      '--state',
      server.state,
      '--json',
      ...keyArguments(keys),
      ...args,
    ]);
    return { ...ran, report: JSON.parse(ran.out) as Report };
  } finally {
    await server.close();
  }
}

const named = ({ probes }: Report) => probes.flatMap(({ findings }) => findings.map(({ id }) => id));

const twoKeys = { ...KEYS, base: [KEYS.base[0], '00000000-1111-2222-3333-444444444444'] };

describe('koogate chaos', () => {
  test.each(['saas-v2', 'saas-v1', 'license-online', 'license-2', 'kit-v2', 'order-notify'])(
    'finds nothing on a right server of %s',
    async (family) => {
      const { code, report } = await chaos({ keys: twoKeys }, '--family', family);
      expect(report.probes.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
      expect(code).toBe(0);
    },
  );

  test('answers every question where state can be seen and two keys are known', async () => {
    const { report } = await chaos({ keys: twoKeys });
    expect(report.probes.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'right')).toEqual([]);
    expect(report.probes.find(({ id }) => id === 'retry-storm')?.did).toEqual({ '000000': 60 });
    expect(report.probes.length).toBeGreaterThan(20);
  });

  test.each(WRONG_SERVERS.filter(({ by }) => by === 'chaos').map((server) => [server.name, server] as const))(
    'catches a server that %s',
    async (_, { settings, caught, args = [] }) => {
      const { code, report } = await chaos(settings(), ...args);
      expect(named(report)).toEqual(expect.arrayContaining([...caught]));
      for (const name of named(report)) expect(`${name} ${hasSentence(name)}`).toBe(`${name} true`);
      expect(code).toBe(1);
    },
  );

  test('says what it cannot see from outside', async () => {
    const server = await startServer(referenceSettings({ nonce: () => true }));
    const { out, code } = await koogate([
      'chaos',
      '--at',
      server.at,
      '--probe',
      'replayed-freeze',
      ...keyArguments(KEYS),
    ]);
    await server.close();
    expect(out).toContain('give --state or --state-table');
    expect(code).toBe(0);
  });

  test('spares servers on other machines unless told', async () => {
    const { code, notes } = await koogate(['chaos', '--at', 'https://seller.example.com/saas', '--key', 'base=1']);
    expect(notes).toContain('say --real if the server is yours');
    expect(code).toBe(2);
  });
});
