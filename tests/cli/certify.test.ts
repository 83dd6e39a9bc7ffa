import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PRODUCT_KINDS } from '../../scripts/cli/certify/matrix.ts';
import { hasSentence } from '../../scripts/cli/messages/index.ts';
import { keyArguments, koogate } from './desk.ts';
import { KEYS, referenceSettings, startServer } from './reference/server.ts';
import type { Settings } from './reference/settings.ts';
import { WRONG_SERVERS } from './wrong-servers/index.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 3072 });
const folder = mkdtempSync(join(tmpdir(), 'koogate-certify-'));
const publicKey = join(folder, 'public.pem');
writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));
writeFileSync(join(folder, 'none.json'), '{}');

interface Report {
  readonly verdict: { id: string };
  readonly seed: number;
  readonly cases: { id: string; passed: boolean; runs: unknown[] }[];
  readonly conduct: unknown[];
  readonly findings: { id: string; text: string; severity: string; causes?: { id: string }[] }[];
}

async function certify(settings: Partial<Settings>, kind: string, ...args: string[]) {
  const server = await startServer(referenceSettings({ privateKey: pair.privateKey, ...settings }));
  try {
    const common = [
      '--at',
      server.at,
      '--public-key',
      publicKey,
      '--secrets',
      join(folder, 'none.json'),
      ...keyArguments(KEYS),
    ];
    const ran = await koogate(['certify', '--product-kind', kind, '--json', ...common, ...args]);
    return { ...ran, report: JSON.parse(ran.out) as Report };
  } finally {
    await server.close();
  }
}

const named = ({ findings }: Report) =>
  findings.flatMap(({ id, causes }) => [id, ...(causes ?? []).map((cause) => cause.id)]);

describe('koogate certify', () => {
  test.each(PRODUCT_KINDS)('a right server is ready for %s, and nothing is found', async (kind) => {
    const { code, report } = await certify({}, kind, '--orders', '2');
    expect(report.findings).toEqual([]);
    expect(report.verdict.id).toBe('verdict.ready');
    expect(report.cases.every(({ runs }) => runs.length === 4)).toBe(true);
    expect(code).toBe(0);
  });

  test.each(WRONG_SERVERS.filter(({ by }) => by === undefined).map((server) => [server.name, server] as const))(
    'catches a server that %s',
    async (_, { settings, kind, caught, args = [] }) => {
      const { code, report } = await certify(settings(), kind, ...args);
      expect(code).toBe(1);
      expect(named(report)).toEqual(expect.arrayContaining([...caught]));
      for (const name of named(report)) expect(`${name} ${hasSentence(name)}`).toBe(`${name} true`);
    },
  );

  test('the same seed gives the same orders, and the report says it', async () => {
    const orders = async (seed: string) => {
      const asked: string[] = [];
      const { report } = await certify(
        { delay: (activity) => Number(asked.push(activity)) * 0 },
        'saas-period',
        '--seed',
        seed,
      );
      return { asked: asked.slice(0, report.cases.length * 5), seed: report.seed };
    };
    const [one, again, other] = [await orders('7'), await orders('7'), await orders('8')];
    expect(one).toEqual(again);
    expect(one.seed).toBe(7);
    expect(other.asked).not.toEqual(one.asked);
  });

  test('writes JUnit XML and one HTML file, without keys, login data or scripts', async () => {
    const [junit, html] = [join(folder, 'out', 'junit.xml'), join(folder, 'out', 'report.html')];
    const { code } = await certify({ signRefusals: false }, 'saas-period', '--junit', junit, '--html', html);
    expect(code).toBe(1);
    const [xml, page] = [readFileSync(junit, 'utf8'), readFileSync(html, 'utf8')];
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="koogate certify" tests="\d+"/);
    expect(xml).toContain('<failure type="finding.refusal-unsigned"');
    expect(page).toContain('successes carry Body-Sign, refusals do not');
    expect(page).toContain("default-src 'none'");
    for (const secret of [...Object.values(KEYS).flat(), 'Initial-1234', '<script', 'src='])
      expect(page + xml).not.toContain(secret);
  });

  test('says at once when nobody answers', async () => {
    const { code, out } = await koogate([
      'certify',
      '--product-kind',
      'saas-once',
      '--at',
      'http://127.0.0.1:9',
      '--key',
      'base=x',
    ]);
    expect(out).toContain('nobody answers at http://127.0.0.1:9');
    expect(code).toBe(1);
  });

  test('asks for the product kind, and for the public key of joint products', async () => {
    expect((await koogate(['certify', '--at', 'http://x', '--key', 'base=1'])).notes).toContain(
      '--product-kind with one of saas-period',
    );
    const joint = await koogate([
      'certify',
      '--product-kind',
      'joint',
      '--at',
      'http://x',
      '--key',
      'base=1',
      '--key',
      'kit=2',
    ]);
    expect(joint.notes).toContain('give --public-key FILE');
  });

  test('speaks Chinese to people', async () => {
    const server = await startServer(referenceSettings());
    const { out } = await koogate([
      'certify',
      '--product-kind',
      'order-notify',
      '--at',
      server.at,
      '--lang',
      'zh',
      ...keyArguments(KEYS),
    ]);
    await server.close();
    expect(out).toContain('通过：所有用例均可保存，未发现问题。');
  });
});
