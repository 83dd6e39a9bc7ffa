import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { certify, folder, QUICK_KINDS } from './certify-run.ts';
import { keyArguments, koogate } from './desk.ts';
import { KEYS, referenceSettings, startServer } from './reference/server.ts';

describe('koogate certify', () => {
  test.each(QUICK_KINDS)('a right server is ready for %s, and nothing is found', async (kind) => {
    const { code, report } = await certify({}, kind, '--orders', '2');
    expect(report.findings).toEqual([]);
    expect(report.verdict.id).toBe('verdict.ready');
    expect(report.cases.every(({ runs }) => runs.length === 4)).toBe(true);
    expect(code).toBe(0);
  });

  test('where the host writes header names in lower case, V1.0 is advised and passes', async () => {
    const { code, report } = await certify({ spell: (name) => name.toLowerCase() }, 'saas-v1-once', '--orders', '0');
    expect(report.findings.map(({ id, severity }) => [id, severity])).toEqual([
      ['check.body-sign-lowered.warn', 'warn'],
    ]);
    expect([report.verdict.id, code]).toEqual(['verdict.ready', 0]);
  });

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
    expect(page).toContain('query a mock order: still to be called: koogate order MOCKPERIODYEARNEW');
    for (const secret of [...Object.values(KEYS).flat(), 'Initial-1234', '<script', 'src='])
      expect(page + xml).not.toContain(secret);
  });

  test('says at once when nobody answers', async () => {
    const { code, out, notes } = await koogate([
      'certify',
      '--product-kind',
      'saas-once',
      '--at',
      'http://127.0.0.1:9',
      '--key',
      'base=x',
    ]);
    expect(notes).toContain('nobody answers at http://127.0.0.1:9');
    expect([notes.split('\n').length, out, code]).toEqual([1, '', 1]);
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
