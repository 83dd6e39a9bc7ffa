import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../../lib/secrets/sha256.ts';
import { bundle } from '../../../scripts/build/bundle.mjs';
import { type LaidOutAnswer, type Recorded, startLaidOut } from '../../support/laid-out-answers.ts';

const PROGRAM = 'tests/support/recorded-calls.ts';
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
const YEARS_AGO = 'Sat, 04 Jul 2020 12:00:00 GMT';

const ok = (body: object): LaidOutAnswer => ({ status: 200, body: JSON.stringify(body) });
const refused = (status: number, body: object, headers = {}): LaidOutAnswer => ({
  status,
  body: JSON.stringify(body),
  headers,
});
const named = (name: string, more = {}) =>
  refused(400, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'text', ...more });

const Item = {
  pk: { S: 'ä' },
  B: { B: 'AQL/' },
  BS: { BS: ['AA==', ''] },
  n: { N: '12345678901234567890' },
  nested: { M: { B: { S: 'no bytes' }, __proto: { L: [{ B: '/w==' }, { NULL: true }, { BOOL: false }] } } },
};

/** In the order of the program's calls; calls that are repeated have more than one. */
const ANSWERS: readonly LaidOutAnswer[] = [
  ok({}), // put
  ok({ Item, ConsumedCapacity: { TableName: 'table', CapacityUnits: 0.5 } }), // get
  { status: 200, body: '' }, // empty
  named('ConditionalCheckFailedException', { Item }), // condition
  ok({
    Responses: { table: [Item] },
    UnprocessedKeys: { table: { Keys: [{ pk: { S: 'a' } }], ConsistentRead: true } },
  }),
  refused(500, { __type: 'InternalServerError', Message: 'Text' }), // repeated
  { status: 503, body: '<html>', headers: { 'content-type': 'text/html' } },
  ok({ Items: [Item], Count: 1, LastEvaluatedKey: { pk: { S: 'ä' } } }),
  { ...named('ProvisionedThroughputExceededException'), headers: { 'retry-after': '0' } }, // throttled
  ok({}),
  named('ReplicatedWriteConflictException'), // conflict
  ok({}),
  { ...named('InvalidSignatureException'), headers: { date: YEARS_AGO } }, // skewed
  { ...ok({}), headers: { date: YEARS_AGO } },
  ...Array.from({ length: 3 }, () => refused(500, { __type: 'InternalServerError' })), // exhausted
  ...Array.from({ length: 3 }, () => ({ status: 502, body: '{"half' })), // unreadable
  { status: 200, body: '{"half' }, // half
  { status: 200, body: '{"cut', cut: true },
  ok({ Item }),
  refused(400, { __type: 'com.amazon.coral.validate#ValidationException:http://…', message: 'no' }), // invalid
  refused(400, { Message: 'by header' }, { 'x-amzn-errortype': 'AccessDeniedException:' }),
  named('ResourceNotFoundException'), // missing
  named('TransactionCanceledException', { CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item }] }),
  ...Array.from({ length: 3 }, (): LaidOutAnswer => ({ status: 200, body: '', silent: true })), // silent
];

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-client-'));
  await bundle({ entries: [PROGRAM], outdir: folder });
});

afterAll(() => rmSync(folder, { recursive: true }));

async function run(program: string): Promise<{ outcomes: Record<string, object>; recorded: readonly Recorded[] }> {
  const { endpoint, recorded, stop } = await startLaidOut(ANSWERS);
  try {
    const child = spawn(process.execPath, ['--no-warnings', program], {
      env: {
        AWS_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return { outcomes: JSON.parse(await text(child.stdout)), recorded };
  } finally {
    await stop();
  }
}

describe('the client of the bundles and the SDK as it is', () => {
  let bundled: Awaited<ReturnType<typeof run>>;
  let original: Awaited<ReturnType<typeof run>>;

  beforeAll(async () => {
    [bundled, original] = await Promise.all([run(join(folder, 'recorded-calls.cjs')), run(PROGRAM)]);
  });

  test('send the same requests, repeats included', () => {
    expect(bundled.recorded.map(comparable)).toEqual(original.recorded.map(comparable));
    expect(original.recorded).toHaveLength(ANSWERS.length);
  });

  test('make the same of every answer', () => {
    expect(Object.keys(original.outcomes)).toContain('aborted');
    for (const [name, outcome] of Object.entries(original.outcomes)) {
      expect({ [name]: withoutDelays(bundled.outcomes[name]) }).toEqual({ [name]: withoutDelays(outcome) });
    }
  });

  test('sign what they send', async () => {
    for (const request of bundled.recorded) expect(request.headers.authorization).toBe(await authorization(request));
  });

  test('ask again by the clock of DynamoDB when theirs is wrong', () => {
    const dates = bundled.recorded.map(({ headers }) => headers['x-amz-date']?.slice(0, 4));
    expect(dates.indexOf('2020')).toBe(13);
  });
});

/** Without what differs by design (user agent) and from run to run. */
function comparable({ method, path, headers, body }: Recorded): object {
  const {
    host: _host,
    authorization: _authorization,
    'amz-sdk-invocation-id': invocation = '',
    'user-agent': _userAgent,
    'x-amz-user-agent': _amzUserAgent,
    'x-amz-date': _date,
    'content-length': length,
    ...others
  } = headers;
  expect(invocation).toHaveLength(36);
  expect(Number(length)).toBe(Buffer.byteLength(body));
  const { 'x-amz-content-sha256': _hash, ...comparableHeaders } = others;
  const { ClientRequestToken: token, ...members } = JSON.parse(body);
  return { method, path, headers: comparableHeaders, body: members, hasToken: token?.length === 36 };
}

function withoutDelays(outcome: object | undefined): unknown {
  return JSON.parse(JSON.stringify(outcome ?? {}), (name, value) => (name === 'totalRetryDelay' ? undefined : value));
}

/** The signature that belongs to a request, by the SDK's signer. */
async function authorization({ method, path, headers, body }: Recorded): Promise<string | undefined> {
  const date = headers['x-amz-date'] ?? '';
  const signedNames = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  expect(signedNames).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target']));
  const signer = new SignatureV4({
    service: 'dynamodb',
    region: 'eu-west-1',
    credentials: CREDENTIALS,
    sha256: Sha256,
  });
  const { headers: signed } = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      headers: Object.fromEntries(signedNames.map((name) => [name, headers[name] ?? ''])),
      body,
    },
    { signingDate: new Date(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) },
  );
  return signed.authorization;
}
