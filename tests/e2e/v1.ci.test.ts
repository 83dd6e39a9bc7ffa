import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Answer, sendGet, signGet } from '../../scripts/marketplace/signed-calls.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { timeStampOf, tokenOf } from '../support/v1.ts';

/*
 * V1.0 over real HTTP: whatever a sender may do to a query string without changing what it says. The local gateway decodes
 * it and writes it anew (a blank becomes a plus), the cloud's leaves it as it is; the door must understand both.
 */

let server: TestServer;
let url: string;
let key: string;

beforeAll(async () => {
  server = await startServer();
  url = server.productUrl('legacy');
  key = server.secrets.products.legacy?.accessKeys.base?.[0] ?? '';
});
afterAll(() => server.stop());

/** How a value may be written. */
const WRITINGS = {
  percent: encodeURIComponent,
  form: (text: string) => new URLSearchParams([['', text]]).toString().slice(1),
  everything: (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
} as const;

const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('a b', 'a+b', '1+1 = 2', '100 %', 'ä/ö?ü#', '演示 & Söhne', '%2B', '', ' ', '+'),
  fc.uint8Array({ minLength: 18, maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64')),
);
const parameters = fc.record({
  customerName: value,
  email: value,
  mobilePhone: value,
  saasExtendParams: value,
  unheardOf: value,
});
const writing = fc.constantFrom(...Object.values(WRITINGS));

/** No half of a surrogate pair: that has no bytes. */
function isWhole(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

async function ask(query: string): Promise<Answer> {
  return sendGet({ url: `${url}?${query}` }, key);
}

function call(own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const rest = { activity: 'newInstance', customerId: 'c', orderId: 'o', productId: 'p', testFlag: '1' };
  const signed = { ...rest, ...own, timeStamp: timeStampOf(Date.now()) };
  return { ...signed, authToken: tokenOf(key, signed) };
}

test('a call verifies in any order of its parameters and however they are written', async () => {
  await fc.assert(
    fc.asyncProperty(
      parameters.filter(({ ...own }) => Object.values(own).every((text) => !/&\w+=/.test(text) && isWhole(text))),
      fc.infiniteStream(fc.tuple(writing, fc.integer())),
      async (own, choices) => {
        const written = Object.entries(call(own)).map(([name, text]) => {
          const [write, rank] = choices.next().value ?? [encodeURIComponent, 0];
          return { rank, pair: `${name}=${write(text)}` };
        });
        const query = written.sort((a, b) => a.rank - b.rank).map(({ pair }) => pair);
        const answer = await ask(query.join('&'));
        expect(answer).toMatchObject({ status: 200, bodySignHolds: true, json: { resultCode: '000000' } });
      },
    ),
    { numRuns: 100 },
  );
});

test('base64 may be put in as it is, pluses and all', async () => {
  const signed = call({ email: `AbCdEfGhIjKlMnOp${'+/+/'.repeat(8)}`, customerName: 'two words' });
  const query = Object.entries(signed).map(([name, text]) => `${name}=${text.replaceAll(' ', '%20')}`);
  expect((await ask(query.join('&'))).json.resultCode).toBe('000000');
});

/** A plus that comes as it is means a plus or a blank: both readings of a token are tried. */
const read = (text: string) => text.replaceAll('+', ' ');

test('another value, another name, or a value moved is refused, and the refusal is signed', async () => {
  await fc.assert(
    fc.asyncProperty(value, value, async (one, other) => {
      fc.pre(read(one) !== read(other) && isWhole(one + other) && !/[&=]/.test(one + other));
      const signed = call({ customerName: one, email: 'x' });
      const { email: _, ...without } = signed;
      const changes: Readonly<Record<string, string>>[] = [
        { ...signed, customerName: other },
        { ...without, eMail: 'x' },
        ...(one === 'x' ? [] : [{ ...signed, customerName: 'x', email: one }]),
      ];
      for (const changed of changes) {
        const query = Object.entries(changed).map(([name, text]) => `${name}=${encodeURIComponent(text)}`);
        const answer = await ask(query.join('&'));
        expect(answer).toMatchObject({ status: 200, bodySignHolds: true, json: { resultCode: '000001' } });
      }
    }),
    { numRuns: 20 },
  );
});

test('the address that signGet makes is taken, and once only with this key', async () => {
  const own = { activity: 'releaseInstance', instanceId: 'i', orderId: 'o', testFlag: '1' };
  expect((await sendGet(signGet(url, key, own), key)).json.resultCode).toBe('000000');
  expect((await sendGet(signGet(url, crypto.randomUUID(), own), key)).json.resultCode).toBe('000001');
});
