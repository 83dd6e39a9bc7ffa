import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keyArguments, koogate } from './desk.ts';
import { KEYS } from './reference/server.ts';

/*
 * A right server in another language, written from the marketplace's pages: whatever a judge finds on it is a false alarm.
 */

let seller: ChildProcess;
let at: string;
beforeAll(async () => {
  const program = join(import.meta.dirname, 'python', 'seller.py');
  seller = spawn('python3', [program, JSON.stringify(KEYS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(seller.stdout ?? seller, 'data');
  at = `http://127.0.0.1:${String(port).trim()}`;
});
afterAll(() => {
  seller.kill();
});

const judge = async (...args: string[]) => {
  const ran = await koogate([...args, '--at', `${at}/saas`, '--json', ...keyArguments(KEYS)]);
  return { ...ran, report: JSON.parse(ran.out) };
};

describe('a right server in Python', () => {
  test.each([
    'saas-period',
    'saas-once',
    'saas-on-demand',
    'saas-v1-period',
    'saas-v1-on-demand',
    'license-2',
    'license-online',
    'order-notify',
  ])('is ready for %s, and nothing is found', async (kind) => {
    const { code, report } = await judge('certify', '--product-kind', kind, '--orders', '1');
    expect(report.findings).toEqual([]);
    expect([report.verdict.id, code]).toEqual(['verdict.ready', 0]);
  });

  test.each(['saas-v2', 'saas-v1', 'license-2', 'license-online', 'order-notify'])(
    'stands the chaos of %s',
    async (family) => {
      const { report } = await judge('chaos', '--family', family, '--state', `${at}/state/{instanceId}`);
      const failures = report.probes.flatMap(({ findings }: { findings: { severity: string; text: string }[] }) =>
        findings.filter(({ severity }) => severity === 'fail').map(({ text }) => text),
      );
      expect(failures).toEqual([]);
    },
  );

  test.each([
    ['saas-v2', 'period', '--no-dial-tests'],
    ['saas-v2', 'on-demand'],
    ['saas-v1', 'period', '--no-dial-tests'],
    ['license-online', 'period', '--no-dial-tests'],
  ])('lives through %s, %s', async (family, charging, ...more) => {
    const how = ['--speed', '86400000', '--loss', '0.2', '--seed', '5', '--state', `${at}/state/{instanceId}`];
    const { report } = await judge('simulate', 'life', '--family', family, '--charging', charging, ...how, ...more);
    expect(report).toMatchObject({ good: true, failedDays: 0, ignored: 0, sanctions: [] });
  });
});
