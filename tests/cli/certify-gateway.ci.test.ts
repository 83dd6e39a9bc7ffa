import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { hasSentence } from '../../scripts/cli/messages/index.ts';
import { demoGateway } from '../../scripts/dev/samples/demo-gateway.ts';
import { koogate } from './desk.ts';
import { type Faults, NAME, SECRET, type Serve, server, usage } from './gateway-server.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function serve(listener: Serve): Promise<string> {
  const server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Report {
  readonly verdict: { readonly id: string };
  readonly questions: readonly { readonly id: string; readonly passed: boolean }[];
  readonly findings: readonly { readonly id: string; readonly severity: string; readonly text: string }[];
}

async function certify(kind: string, at: string, ...args: string[]) {
  const body = JSON.stringify({ prompt: 'one two' });
  const common = ['--at', at, '--key', `${NAME}=${SECRET}`, '--limit', '5000', '--body', body];
  const ran = await koogate(['certify', '--product-kind', kind, '--json', ...common, ...args]);
  const report = JSON.parse(ran.out) as Report;
  for (const { id, text } of report.findings)
    expect([hasSentence(id), text]).toEqual([true, expect.not.stringMatching(/[{}]/)]);
  expect(ran.out).not.toContain(SECRET);
  return { code: ran.code, report, ids: report.findings.map(({ id }) => id) };
}

const stream =
  (...events: readonly unknown[]) =>
  (response: ServerResponse) =>
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(
        `${events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')}`,
      );
const saying = (members: unknown) => (response: ServerResponse) => response.end(JSON.stringify(members));
const text = { choices: [{ delta: { content: 'two' } }] };

describe('a right server is ready, and nothing is found', () => {
  const keys = { [NAME]: SECRET };
  const sample = demoGateway({ apig: keys, agents: keys, note: () => {} });
  const CASES: readonly [string, 'api' | 'agents', Serve, string, ...string[]][] = [
    ['the sample', 'api', sample, '/apig/chat?b=2&a=1'],
    ['the sample', 'agents', sample, '/chat'],
    ['the sample, streaming', 'agents', sample, '/chat', '--body', '{"prompt":"one two","stream":true}'],
    ['another', 'api', server('api'), '/v1/items'],
    ['another', 'agents', server('agents'), '/'],
    ['another, streaming', 'agents', server('agents', { answer: stream(text, { choices: [], usage }, '[DONE]') }), '/'],
    [
      'another with members of its own',
      'agents',
      server('agents', { answer: saying({ out: { images: 2 } }) }),
      '/',
      '--billed',
      'out.images',
    ],
  ];
  test.each(CASES)('%s, %s', async (_, kind, listener, path, ...args) => {
    const { code, report } = await certify(kind, `${await serve(listener)}${path}`, ...args);
    expect([report.findings, report.verdict.id, code]).toEqual([[], 'gateway.verdict.ready', 0]);
    expect(report.questions.length).toBeGreaterThan(18);
  });
});

describe('a wrong server is named', () => {
  const CASES: readonly [string, 'api' | 'agents', Faults, readonly string[]][] = [
    ['asks for no signature', 'api', { signature: 'none' }, ['forged.empty-signature', 'forged.other-secret']],
    ['takes any date', 'api', { time: 'none' }, ['forged.too-old', 'forged.too-early']],
    ['lets the date unsigned', 'api', { time: 'unsigned' }, ['forged.date-unsigned']],
    ['does not look at the body', 'api', { body: 'unsigned' }, ['forged.other-body']],
    ['believes a header that is not signed', 'api', { body: 'header-unsigned' }, ['forged.payload-said-unsigned']],
    ['bills its errors', 'api', { nonsense: 'ok' }, ['gateway.error-billed']],
    [
      'decodes tokens and does not verify them',
      'agents',
      { signature: 'none' },
      ['forged.other-secret', 'forged.cut-signature'],
    ],
    [
      'takes the beginning of a signature',
      'agents',
      { signature: 'prefix' },
      ['forged.empty-signature', 'forged.cut-signature'],
    ],
    ['lets the token choose the algorithm', 'agents', { algorithm: 'any' }, ['forged.algorithm-none']],
    ['takes old tokens', 'agents', { time: 'none' }, ['forged.too-old', 'forged.no-time']],
    ['reads exp as seconds alone', 'agents', { time: 'exp-as-seconds' }, ['forged.too-old-in-milliseconds']],
    ['names no quantity', 'agents', { answer: saying({ data: 1 }) }, ['gateway.unbilled']],
    ['hides usage inside', 'agents', { answer: saying({ data: { usage } }) }, ['gateway.unbilled']],
    [
      'writes numbers as texts',
      'agents',
      { answer: saying({ usage: { ...usage, prompt_tokens: '2' } }) },
      ['gateway.not-a-number'],
    ],
    ['forgets the total', 'agents', { answer: saying({ usage: { prompt_tokens: 2 } }) }, ['gateway.total-missing']],
    ['answers with a page', 'agents', { answer: (response) => response.end('<html>') }, ['gateway.not-json']],
  ];
  test.each(CASES)('%s (%s)', async (_, kind, faults, caught) => {
    const { code, report, ids } = await certify(kind, await serve(server(kind, faults)));
    const named = caught.map((id) => (id.startsWith('forged.') ? `gateway.${kind}.${id}` : id));
    expect(ids).toEqual(expect.arrayContaining(named));
    const isForged = caught.some((id) => id.startsWith('forged.'));
    expect(report.verdict.id).toBe(`gateway.verdict.${isForged ? 'forgeable' : 'not-ready'}`);
    expect(code).toBe(1);
  });

  test('that refuses the gateway itself', async () => {
    const { report, ids, code } = await certify('agents', await serve((_, response) => response.writeHead(401).end()));
    expect([report.verdict.id, ids.includes('gateway.agents.refused'), code]).toEqual([
      'gateway.verdict.refuses',
      true,
      1,
    ]);
  });
});

describe('what no page demands is advised, and fails nobody', () => {
  const CASES: readonly [string, Faults, string][] = [
    ['a crash on forged calls', { refusal: 500 }, 'gateway.crash'],
    ['another status for a refusal', { refusal: 400 }, 'gateway.refusal-status'],
    ['tokens behind Bearer alone', { scheme: 'bearer' }, 'gateway.form.bare'],
    ['no call twice', { repeat: 'refused' }, 'gateway.repeat-refused'],
    ['usage in each event', { answer: stream({ ...text, usage }, { choices: [], usage }) }, 'gateway.usage-repeated'],
    ['content behind the usage', { answer: stream({ choices: [], usage }, text) }, 'gateway.usage-not-last'],
    [
      'an answer that is packed',
      { answer: (response) => response.setHeader('content-encoding', 'br').end('x') },
      'gateway.packed',
    ],
  ];
  test.each(CASES)('%s', async (_, faults, advice) => {
    const { code, report, ids } = await certify('agents', await serve(server('agents', faults)));
    expect([ids, report.verdict.id, code]).toEqual([[advice], 'gateway.verdict.ready', 0]);
  });
});

describe('the command', () => {
  test('says what it needs', async () => {
    const certifyKind = (...args: string[]) => koogate(['certify', '--product-kind', 'agents', ...args]);
    const at = ['--at', 'http://127.0.0.1:9'];
    expect((await certifyKind()).notes).toContain('--at is needed');
    expect((await certifyKind(...at)).notes).toContain('--key NAME=SECRET');
    expect((await certifyKind(...at, '--key', 'a')).code).toBe(2);
    expect((await certifyKind('--at', 'ftp://x', '--key', 'a=b')).notes).toContain('not an http or https address');
    expect((await certifyKind(...at, '--key', 'a=b', '--html', 'x.html')).notes).toContain('--json');
  });

  test('stops where nobody listens, and prints what is wrong for people', async () => {
    const silent = await koogate(['certify', '--product-kind', 'api', '--at', 'http://127.0.0.1:9', '--key', 'a=b']);
    expect([silent.code, silent.out]).toEqual([1, '']);
    const at = await serve(server('agents', { time: 'none' }));
    const { out, code } = await koogate([
      'certify',
      '--product-kind',
      'agents',
      '--at',
      at,
      '--key',
      `${NAME}=${SECRET}`,
    ]);
    expect(out).toContain('a call that was signed too long ago was answered');
    expect(out).toContain('NOT READY: calls that no gateway has made are answered');
    expect(code).toBe(1);
  });
});
