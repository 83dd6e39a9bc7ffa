import { describe, expect, test } from '@jest/globals';
import { chaos, twoKeys } from './chaos-run.ts';
import { keyArguments, koogate } from './desk.ts';
import { KEYS, referenceSettings, startServer } from './reference/server.ts';

describe('koogate chaos', () => {
  test('finds nothing on a right server of order-notify', async () => {
    const { code, report } = await chaos({ keys: twoKeys }, '--family', 'order-notify');
    expect(report.probes.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
    expect(code).toBe(0);
  });

  test.each([
    [501, 0],
    [405, 0],
    [500, 1],
  ])('takes %i to a method that no call uses for what it is', async (statusOfOtherMethods, expected) => {
    const { code } = await chaos({ keys: twoKeys, statusOfOtherMethods }, '--probe', 'methods');
    expect(code).toBe(expected);
  });

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
