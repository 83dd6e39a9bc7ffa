import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { allSentences } from '../../../scripts/cli/messages/index.ts';
import { keyArguments, koogate } from '../desk.ts';
import { KEYS as REFERENCE_KEYS, referenceSettings, startServer } from '../reference/server.ts';
import { BODY, GENERAL_KEY, KEY, KIT_KEY, mac, NONCE, RING, sha, TIMESTAMP, WRONG_SIGNERS } from './wrong-signers.ts';

const folder = mkdtempSync(join(tmpdir(), 'koogate-doctor-'));
const RECEIVED = new Date(Number(TIMESTAMP)).toISOString();
const query = (signature: string) => `signature=${signature}&timestamp=${TIMESTAMP}&nonce=${encodeURIComponent(NONCE)}`;
const digest = mac(KEY, BODY).toString('hex');
const RIGHT = mac(KEY, KEY + NONCE + TIMESTAMP + digest).toString('hex');
const PLAIN = mac(KEY, KEY + NONCE + TIMESTAMP + sha(BODY).toString('hex')).toString('hex');
const URL = `https://seller.example.com/produce?${query(PLAIN)}`;

const FORMS: readonly (readonly [string, string])[] = [
  ['a curl command', `curl -s -X POST '${URL}' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '${BODY}'`],
  ['a curl command with ANSI quoting', `curl '${URL}' --data-raw $'${BODY.replaceAll('演', '\\u6f14')}'`],
  ['a curl command with double quotes', `curl "${URL}" -d "${BODY.replaceAll('"', '\\"')}"`],
  [
    'a HAR file',
    JSON.stringify({
      log: {
        entries: [
          {
            request: { method: 'POST', url: URL, headers: [{ name: 'Accept', value: '*' }], postData: { text: BODY } },
          },
        ],
      },
    }),
  ],
  [
    'a gateway event in base64',
    JSON.stringify({
      rawPath: '/produce',
      rawQueryString: query(PLAIN),
      headers: {},
      body: Buffer.from(BODY).toString('base64'),
      isBase64Encoded: true,
    }),
  ],
  [
    'a log line with a prefix',
    `2025-11-24T16:00:00Z INFO {"request":{"url":"/produce?${query(PLAIN)}","body":${JSON.stringify(BODY)}}}`,
  ],
  ['a raw request', `POST /produce?${query(PLAIN)} HTTP/1.1\r\nHost: seller.example.com\r\n\r\n${BODY}`],
];

const doctor = (stdin: string, ...args: string[]) =>
  koogate(['doctor', '--received', RECEIVED, ...args, ...keyArguments(RING)], { stdin });

describe('koogate doctor', () => {
  test.each(FORMS)('reads %s', async (_, text) => {
    const { code, out } = await doctor(text, '--json');
    expect(JSON.parse(out)).toMatchObject([
      { what: 'query', verdict: 'explained', causes: [{ id: 'digest.plain-sha256' }] },
    ]);
    expect(code).toBe(1);
  });

  test('never prints a key, a canonical text or an expected signature', async () => {
    for (const [, call] of WRONG_SIGNERS) {
      const url = `https://s.example.com/?signature=${encodeURIComponent(call.signature)}&timestamp=${call.timestamp}&nonce=${encodeURIComponent(call.nonce)}`;
      const har = JSON.stringify({ request: { method: 'POST', url, headers: [], postData: { text: call.body } } });
      for (const form of [[], ['--json']]) {
        const { out, notes } = await doctor(har, ...form);
        for (const secret of [
          KEY,
          KIT_KEY,
          GENERAL_KEY,
          digest,
          RIGHT,
          RIGHT.toUpperCase(),
          sha(BODY).toString('hex'),
        ]) {
          expect(out + notes).not.toContain(secret);
        }
      }
    }
  });

  test('ends with 0 for a right call, and says so in the locale of the environment', async () => {
    const stdin = `curl '${URL.replace(PLAIN, RIGHT)}' -d '${BODY}'`;
    const { code, out } = await koogate(['doctor', '--received', RECEIVED, ...keyArguments(RING)], {
      stdin,
      env: { LANG: 'zh_CN.UTF-8' },
    });
    expect({ code, out }).toEqual({ code: 0, out: '查询串签名: 正确。' });
  });

  test('explains the signature that a seller computed', async () => {
    const stdin = `curl '${URL.replace(PLAIN, RIGHT)}' -d '${BODY}'`;
    const { out } = await doctor(stdin, '--computed', PLAIN, '--json');
    expect(JSON.parse(out)).toMatchObject([{ causes: [{ id: 'digest.plain-sha256' }] }]);
  });

  test('takes the failing call itself, as simulate --json prints it', async () => {
    const server = await startServer(
      referenceSettings({
        bodySign: (key, body) => `sign_type="HMAC-SHA256", signature= "${mac(key, body).toString('hex')}"`,
      }),
    );
    const keys = keyArguments(REFERENCE_KEYS);
    const failing = await koogate(['simulate', 'newInstance', '--at', server.at, '--json', ...keys]);
    await server.close();
    expect(failing.code).toBe(1);
    const { out } = await koogate(['doctor', '--json', ...keys], { stdin: failing.out });
    expect(JSON.parse(out)).toMatchObject([
      { what: 'query', verdict: 'right' },
      { what: 'body-sign', verdict: 'explained', causes: [{ id: 'encoding.hex' }] },
    ]);
  });

  test('says unknown rather than guess', async () => {
    const { code, out } = await doctor(`curl '${URL.replace(PLAIN, 'AB'.repeat(32))}' -d '${BODY}'`);
    expect(out).toContain('unknown.');
    expect(out).toMatch(/→ Tried: .*base × 1/);
    expect(code).toBe(1);
  });

  test('looks at Body-Sign, with the answer in a file', async () => {
    const file = join(folder, 'answer.json');
    writeFileSync(file, '{"resultCode":"000000"}');
    const header = `sign_type="HMAC-SHA256", signature= "${mac(KEY, '{"resultCode": "000000"}').toString('base64')}"`;
    const { out } = await koogate([
      'doctor',
      '--kind',
      'body-sign',
      '--body',
      file,
      '--header',
      header,
      '--json',
      '--key',
      `base=${KEY}`,
    ]);
    expect(JSON.parse(out)).toMatchObject([{ what: 'body-sign', causes: [{ id: 'body.spaced' }] }]);
  });

  test.each([
    ['', 'Nothing was given'],
    ['hello', 'neither a curl command'],
    ['{"level":"info"}', 'The JSON holds no call'],
    ['curl -X POST', 'names no address'],
  ])('of %j says what it cannot read', async (stdin, said) => {
    const { code, notes } = await doctor(stdin);
    expect(notes).toContain(said);
    expect(code).toBe(2);
  });
});

test('every sentence has the same places in both languages', () => {
  const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [id, [english, chinese]] of allSentences) {
    expect({ id, places: places(chinese) }).toEqual({ id, places: places(english) });
    expect(`${id} ${/\p{Script=Han}/u.test(english)}`).toBe(`${id} false`);
  }
});
