import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as v from 'valibot';
import { REQUESTS, type SellerEvent } from '../../lib/seller/request.ts';
import { playAll, type Run, SECRET } from './http-seller-runs.ts';
import { answerName, answersTo, EVENTS, generateSchema } from './http-seller-schema.ts';
import { show } from './show.ts';

/*
 * docs/http-seller.md and its translation show what real runs sent and answered. `UPDATE_DOCS=1 npm run jest --
 * tests/docs/http-seller.ci.test.ts` writes the blocks of both pages, and the JSON Schema, anew.
 */

const UPDATES = process.env.UPDATE_DOCS === '1';
const docs = (name: string) => new URL(`../../docs/${name}`, import.meta.url);
const PAGES = ['http-seller.md', 'zh/http-seller.md'];
const SCHEMA = docs('http-seller.schema.json');
/** A block that comes from a run, below the comment that names it. */
const BLOCK = /(<!-- run: (.+) -->\n```\w+\n)([\s\S]*?)(?=^```$)/gm;
/** The run that the page shows byte for byte. */
const VECTOR = 'licenseFrozen.done';

let runs: ReadonlyMap<string, Run>;
let blocks: ReadonlyMap<string, string>;
beforeAll(async () => {
  runs = await playAll();
  blocks = new Map([['as sent', asSent(runOf(VECTOR))], ...requests(), ...answers()]);
});

function runOf(name: string): Run {
  const run = runs.get(name);
  if (run === undefined) throw new Error(`There is no run ${name}.`);
  return run;
}

/** One body of each event, the clean-up after a purchase, and the removal of a user. */
function requests(): [string, string][] {
  const first = EVENTS.map((event) => [event, [...runs.values()].find((run) => run.event === event)] as const);
  const others = ['release.cleanUp', 'userChanged.removed'].map((name) => [name, runOf(name)] as const);
  const bodies = [...first, ...others];
  return bodies.map(([name, run]) => [`request ${name}`, `${show(JSON.parse(run?.request ?? 'null'))}\n`]);
}

/** The answers that say something. */
function answers(): [string, string][] {
  const telling = [...runs].filter(([, { answer }]) => JSON.stringify(answer) !== '{}');
  return telling.map(([name, { answer }]) => [`answer ${name}`, `${show(answer)}\n`]);
}

function asSent({ headers, request }: Run): string {
  const names = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return `POST /koogate HTTP/1.1\n${names.map((name) => `${name}: ${headers[name]}\n`).join('')}\n${request}\n`;
}

test.each(PAGES)('%s shows what the runs sent and answered', (page) => {
  const text = readFileSync(docs(page), 'utf8');
  const shown = [...text.matchAll(BLOCK)].map(([, , name = '']) => name);
  expect([...shown].sort()).toEqual([...blocks.keys()].sort());
  const written = text.replace(BLOCK, (_, head: string, name: string) => `${head}${blocks.get(name)}`);
  if (UPDATES) writeFileSync(docs(page), written);
  else expect(text).toBe(written);
});

test('every answer has the effect that the pages promise', () => {
  const outcomes = Object.fromEntries([...runs].map(([name, { outcome }]) => [name, outcome]));
  const done = EVENTS.filter((event) => runs.has(`${event}.done`)).map((event) => [`${event}.done`, '000000']);
  expect(outcomes).toEqual({
    ...Object.fromEntries(done),
    'provision.access': '000000',
    'provision.refused': '000103',
    'provision.failed': '000005',
    'provision.licenses': '000000',
    'renew.failed': '000000',
    'applyApikey.apikey': 'sk-acme-7d1f0c52e94b',
    'applyApikey.refused': '000106',
    'canChange.yes': '000000',
    'canChange.no': '000005',
    'usage.amounts': [
      { usageValue: 1204.5, statisticalTime: '20260901013000000', dashboardUrl: 'https://crm.example.com/usage' },
    ],
    'issueLicense.license': { resultCode: '000000', delivered: 1 },
    'issueLicense.file': { resultCode: '000000', delivered: 2 },
    'issueLicense.refused': { resultCode: '000900', delivered: 1 },
    'issueLicense.failed': expect.objectContaining({ delivered: 1 }),
    'userChanged.removed': '000000',
    'release.cleanUp': '000000',
  });
});

describe('how to verify', () => {
  const CHECKS: readonly [string, string, string, readonly string[]][] = [
    ['js', 'node', 'console.log(isGenuine(headers, Buffer.from(body), secret, now));', ['--input-type=module', '-e']],
    ['python', 'python3', 'print(str(is_genuine(headers, body.encode(), secret, now)).lower())', ['-c']],
  ];
  const installed = CHECKS.filter(([, command]) => spawnSync(command, ['--version']).status === 0);

  test.each(installed)('the code in %s accepts the call as sent and no other', (language, command, print, flags) => {
    const [code] = PAGES.map((page) => fence(page, language));
    const { headers, request } = runOf(VECTOR);
    const seconds = Number(headers['webhook-timestamp']);
    const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, headers[name]]);
    const verdict = (body: string, secret: string, now: number): string => {
      const values = { headers: Object.fromEntries(signed), body, secret, now };
      const sets = Object.entries(values).map(([name, value]) => {
        return `${language === 'js' ? 'const ' : ''}${name} = ${JSON.stringify(value)}`;
      });
      const { stdout, stderr } = spawnSync(command, [...flags, [code, ...sets, print].join('\n')], {
        encoding: 'utf8',
      });
      return (stdout + stderr).trim();
    };
    expect(verdict(request, SECRET, seconds + 10)).toBe('true');
    expect(verdict(`${request} `, SECRET, seconds)).toBe('false');
    expect(verdict(request, `whsec_${Buffer.alloc(32).toString('base64')}`, seconds)).toBe('false');
    expect(verdict(request, SECRET, seconds + 301)).toBe('false');
  });

  test('both pages show the same code and the secret of the runs', () => {
    for (const language of ['js', 'python']) {
      expect(new Set(PAGES.map((page) => fence(page, language))).size).toBe(1);
    }
    for (const page of PAGES) expect(readFileSync(docs(page), 'utf8')).toContain(SECRET);
  });

  function fence(page: string, language: string): string {
    const [, code = ''] =
      new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readFileSync(docs(page), 'utf8')) ?? [];
    return code;
  }
});

describe('the JSON Schema', () => {
  const schema = generateSchema();
  const ajv = new Ajv2020({
    allErrors: true,
    formats: { 'date-time': (text) => new Date(text).toISOString() === text },
  });
  ajv.addSchema(schema, 'koogate');
  const problems = (name: string, value: unknown) => {
    ajv.validate(name === '' ? 'koogate' : `koogate#/$defs/${name}`, value);
    return ajv.errors ?? [];
  };

  test('is the committed one', () => {
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (UPDATES) writeFileSync(SCHEMA, text);
    else expect(readFileSync(SCHEMA, 'utf8')).toBe(text);
  });

  test('describes every body that was sent, member by member, and no body of another event', () => {
    expect(new Set([...runs.values()].map(({ event }) => event))).toEqual(new Set(EVENTS));
    for (const { event, request } of runs.values()) {
      const body: unknown = JSON.parse(request);
      expect(problems('', body)).toEqual([]);
      expect(EVENTS.filter((name) => problems(name, body).length === 0)).toEqual([event]);
      expect(v.parse(REQUESTS[event], body)).toEqual(body); // unknown members would be gone
    }
  });

  test('takes the answers of the runs, and an empty one wherever the seller may say nothing', () => {
    for (const { event, answer } of runs.values()) expect(problems(answerName(event), answer)).toEqual([]);
  });

  const CASES: readonly (readonly [SellerEvent, unknown])[] = [
    ['provision', {}],
    ['provision', { access: {} }],
    ['provision', { access: { frontEndUrl: '' } }],
    ['provision', { access: { frontEndUrl: 'https://a', username: 'x' } }],
    ['provision', { access: { frontEndUrl: 'https://a' }, failed: { reason: 'x' } }],
    ['provision', { refused: { resultCode: '000004' } }],
    ['provision', { refused: { resultCode: '000900' } }],
    ['provision', { refused: { resultCode: '000106' } }],
    ['provision', null],
    ['provision', []],
    ['renew', {}],
    ['renew', { failed: {} }],
    ['renew', { done: true }],
    ['issueLicense', {}],
    ['issueLicense', { license: '' }],
    ['issueLicense', { refused: { resultCode: '000103' } }],
    ['issueLicense', { refused: { resultCode: '000903' } }],
    ['canChange', {}],
    ['canChange', { allowed: 'no' }],
    ['canChange', { reason: 'no' }],
    ['departmentsReplaced', {}],
  ];
  test.each(CASES)('and the code agree on the answer to %s: %j', (event, answer) => {
    // An array is turned away before the schemas are asked.
    const isTaken = !Array.isArray(answer) && v.is(answersTo(event), answer);
    expect(problems(answerName(event), answer).length === 0).toBe(isTaken);
  });

  test('knows the lengths that the marketplace has room for', () => {
    const access = (memo: string) => ({ access: { frontEndUrl: 'https://a', memo } });
    expect(problems('ProvisionAnswer', access('x'.repeat(1024)))).toEqual([]);
    expect(problems('ProvisionAnswer', access('x'.repeat(1025)))).not.toEqual([]);
  });
});
