import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Seller } from '../../lib/seller/contract.ts';
import { httpSeller } from '../../lib/seller/http.ts';
import { freePort } from '../../scripts/dev/engine.ts';
import { type Listener, listen } from '../support/listen.ts';
import { context, instance, orderOf } from './hooks.ts';

const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSBzZWxsZXIncyBzZXJ2ZXI=';
const order = orderOf('demo-small', 10);
const ACCESS = { frontEndUrl: 'https://acme.example.com', userName: 'owner', password: 'Initial-1234', memo: '你好' };

type Reaction = (response: ServerResponse) => unknown;
interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const listeners: Listener[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

async function given(reaction: Reaction): Promise<{ seller: Seller; url: string; received: Received[] }> {
  const received: Received[] = [];
  const listener = await listen(({ headers }, body, response) => {
    received.push({ headers, body });
    return reaction(response);
  });
  listeners.push(listener);
  return {
    seller: httpSeller({ url: `${listener.url}/hooks`, secret: async () => SECRET }),
    url: listener.url,
    received,
  };
}

const answer =
  (status: number, body: unknown): Reaction =>
  (response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

const change = { instance, wanted: 'ACTIVE' as const, order };
const renewal = {
  ...change,
  scene: 'RENEWAL' as const,
  expiresAt: new Date('2027-09-01T15:59:59Z'),
  renewalOrder: orderOf('demo-small', 12),
};

const license = { product: 'license', license: 'LIC-1', state: 'ACTIVE' as const };
const codeRenewal = {
  license,
  scene: 'RENEWAL' as const,
  expiresAt: renewal.expiresAt,
  orderId: 'o',
  orderLineId: 'l',
};

/** Calls every event with a change that fits it. */
const EVENTS: Record<string, (seller: Seller) => Promise<unknown> | undefined> = {
  renew: (seller) => seller.renew(renewal, context()),
  freeze: (seller) => seller.freeze(change, context()),
  unfreeze: (seller) => seller.unfreeze(change, context()),
  upgrade: (seller) => seller.upgrade({ ...change, upgradeOrder: orderOf('demo-large', 20) }, context()),
  release: (seller) => seller.release(change, context()),
  orderNotified: (seller) => seller.orderNotified?.({ product: 'demo', order }, context()),
  licenseRenewed: (seller) => seller.licenses?.renewed?.(codeRenewal, context()),
  licenseFrozen: (seller) => seller.licenses?.frozen?.({ license }, context()),
  licenseUnfrozen: (seller) => seller.licenses?.unfrozen?.({ license }, context()),
  licenseReleased: (seller) => seller.licenses?.released?.({ license }, context()),
};
const provision = (seller: Seller) => seller.provision(change, context());
const canChange = (seller: Seller) => seller.canChange?.({ instance, target: { linearValue: 5 } }, context());

describe('a call', () => {
  test('is signed as Standard Webhooks has it, with the idempotency key as its id', async () => {
    const { seller, received } = await given(answer(200, { access: ACCESS }));
    const now = new Date();

    await seller.provision(change, context({ idempotencyKey: 'key-7', attempt: 3, now }));

    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers['webhook-id']).toBe('key-7');
    expect(headers['content-type']).toBe('application/json');
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({
      event: 'provision',
      instance: { ...instance, expiresAt: '2026-09-01T15:59:59.000Z' },
      wanted: 'ACTIVE',
      order: JSON.parse(JSON.stringify(order)),
      attempt: 3,
      sentAt: now.toISOString(),
    });
    expect(() => new Webhook('whsec_YW5vdGhlcg==').verify(body, headers as Record<string, string>)).toThrow();
  });

  test.each(Object.entries(EVENTS))('of %s names its event and carries all of its change', async (event, call) => {
    const { seller, received } = await given(answer(204, ''));

    expect(await call(seller)).toBeUndefined();

    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ event, attempt: 1 });
  });

  test('of renew has the renewal as ISO dates and its own order', async () => {
    const { seller, received } = await given(answer(200, {}));

    await EVENTS.renew?.(seller);

    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      scene: 'RENEWAL',
      expiresAt: '2027-09-01T15:59:59.000Z',
      renewalOrder: { line: { products: [{ linearValue: 12 }] } },
    });
  });
});

describe('the signature of a call', () => {
  const headersWith = async (secret: string, idempotencyKey: string, now: Date) => {
    let seen: Readonly<Record<string, string>> = {};
    const fetcher: typeof fetch = async (_, init) => {
      seen = init?.headers as Record<string, string>;
      return new Response(null, { status: 204 });
    };
    const seller = httpSeller({ url: 'https://shop.example.com', secret: async () => secret, fetch: fetcher });
    await seller.freeze(change, context({ idempotencyKey, now }));
    return seen;
  };

  test.each(['c2VjcmV0', 'whsec_c2VjcmV0IQ==', 'whsec_+/+/c2VjcmU=', SECRET])(
    'with %s is the one that the library of Standard Webhooks makes',
    async (secret) => {
      const now = new Date('2026-09-01T15:59:59.999Z');
      const body = JSON.stringify({ event: 'freeze', ...change, attempt: 1, sentAt: now.toISOString() });

      const headers = await headersWith(secret, 'Schlüssel 你好', now);

      expect(headers['webhook-signature']).toBe(new Webhook(secret).sign('Schlüssel 你好', now, body));
    },
  );

  test.each(['', 'whsec_', 'c2VjcmV0IQ', 'c2Vj cmV0', 'c2VjcmV0-_==', 'c2Vj{==='])(
    'is not made with %j, which is not base64',
    async (secret) => {
      await expect(headersWith(secret, 'k', new Date())).rejects.toThrow('seller.secret');
    },
  );
});

describe('an answer', () => {
  test('to provision gives access, refuses, or fails for good', async () => {
    expect(await provision((await given(answer(201, { access: ACCESS }))).seller)).toEqual({ access: ACCESS });
    const refused = { refused: { resultCode: '000103', resultMsg: 'only once' } };
    expect(await provision((await given(answer(200, refused))).seller)).toEqual(refused);
    const failed = { failed: { reason: 'unknown plan' } };
    expect(await provision((await given(answer(200, failed))).seller)).toEqual(failed);
  });

  test.each(Object.entries(EVENTS))('to %s is done or fails for good', async (_, call) => {
    expect(await call((await given(answer(200, ''))).seller)).toBeUndefined();
    expect(await call((await given(answer(200, '{}'))).seller)).toBeUndefined();
    const failed = { failed: { reason: 'no such tenant' } };
    expect(await call((await given(answer(200, failed))).seller)).toEqual(failed);
  });

  test('to canChange is yes, or no with a reason; {} and 501 mean that the server has no objection', async () => {
    expect(await canChange((await given(answer(200, { allowed: true }))).seller)).toEqual({ allowed: true });
    const no = { allowed: false, reason: '8 seats are in use' };
    expect(await canChange((await given(answer(200, no))).seller)).toEqual(no);
    expect(await canChange((await given(answer(200, {}))).seller)).toEqual({ allowed: true });
    expect(await canChange((await given(answer(501, 'not handled'))).seller)).toEqual({ allowed: true });
  });

  test('501 to orderNotified is done, to any other change it is a failed attempt', async () => {
    const { seller } = await given(answer(501, 'not handled'));
    expect(await EVENTS.orderNotified?.(seller)).toBeUndefined();
    await expect(EVENTS.freeze?.(seller)).rejects.toThrow('HTTP 501 to freeze');
    await expect(provision(seller)).rejects.toThrow('HTTP 501 to provision');
  });
});

describe('a failed attempt is', () => {
  test.each<[string, Reaction]>([
    ['404', answer(404, {})],
    ['500 with a good body', answer(500, { access: ACCESS })],
    ['access without an address', answer(200, { access: { userName: 'owner' } })],
    ['a misspelt member', answer(200, { access: { ...ACCESS, username: 'owner' } })],
    ['access and failure at once', answer(200, { access: ACCESS, failed: { reason: 'x' } })],
    ['an error report with status 200', answer(200, { error: 'boom' })],
    ['a refusal with a code that is not for refusals', answer(200, { refused: { resultCode: '000004' } })],
    ['a refusal with an unknown code', answer(200, { refused: { resultCode: '000999' } })],
    ['a failure without a reason', answer(200, { failed: {} })],
    ['text', answer(200, 'Initial-1234 created')],
    ['null', answer(200, 'null')],
    ['an array', answer(200, '[]')],
    ['a cut connection', (response) => response.destroy()],
    [
      'an answer above 64 KB',
      (response) => {
        response.writeHead(200);
        response.write(' '.repeat(64 * 1024 + 1)); // never ended
      },
    ],
  ])('%s', async (_, reaction) => {
    const { seller, received } = await given(reaction);

    const error = await provision(seller).catch((thrown: Error) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(/^Error: The seller's server .*provision/);
    expect(String(error)).not.toContain('Initial-1234');
    expect(received).toHaveLength(1);
  });

  test('a redirect, which is not followed', async () => {
    const target = await given(answer(200, { access: ACCESS }));
    const { seller } = await given((response) => response.writeHead(308, { location: target.url }).end());

    await expect(provision(seller)).rejects.toThrow('redirect');
    expect(target.received).toHaveLength(0);
  });

  test('a server that is not there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(provision(httpSeller({ url, secret: async () => SECRET }))).rejects.toThrow('ECONNREFUSED');
  });

  test('an array where {} would be done', async () => {
    await expect(EVENTS.freeze?.((await given(answer(200, []))).seller)).rejects.toThrow('agreed answers');
  });

  test.each([{ allowed: 'no' }, { reason: 'no' }, 'no', []])('%j to canChange, rather than a yes', async (body) => {
    await expect(canChange((await given(answer(200, body))).seller)).rejects.toThrow('agreed answers');
  });
});

test('a call ends when its attempt is called off', async () => {
  const controller = new AbortController();
  const { seller } = await given(() => controller.abort()); // never answers

  await expect(seller.freeze(change, context({ signal: controller.signal }))).rejects.toThrow('called off');
});

test('the secret is read for every call, and one that is no secret is named but not shown', async () => {
  const secrets = [SECRET, 'whsec_!!!'];
  const { url, received } = await given(answer(200, {}));
  const seller = httpSeller({ url, secret: async () => secrets.shift() ?? '' });

  await seller.freeze(change, context());
  const error = await seller.freeze(change, context()).then(String, String);

  expect(error).toContain('seller.secret');
  expect(error).not.toContain('!!!');
  expect(received).toHaveLength(1);
});

test.each([
  'http://seller.example.com/hooks',
  'http://127.0.0.1.example.com',
  'seller',
  'http://localhost@example.com',
])('the address %s is not taken', (url) => {
  expect(() => httpSeller({ url, secret: async () => SECRET })).toThrow('KOOGATE_SELLER_URL');
});

describe('issueLicense', () => {
  const application = { instance, eventId: 'evt-1', effectiveAt: new Date('2025-09-01'), deviceFingerprint: 'D1' };
  const issue = (seller: Seller) => seller.issueLicense?.(application, context());

  test('passes the application on, and the licence or the refusal back', async () => {
    for (const said of [{ license: 'signed' }, { refused: { resultCode: '000900' } }, { failed: { reason: 'gone' } }]) {
      const { seller, received } = await given(answer(200, said));
      expect(await issue(seller)).toEqual(said);
      expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
        event: 'issueLicense',
        eventId: 'evt-1',
        effectiveAt: '2025-09-01T00:00:00.000Z',
        deviceFingerprint: 'D1',
      });
    }
  });

  test.each([
    ['nothing', answer(200, {})],
    ['an empty licence', answer(200, { license: '' })],
    ['a code that refuses purchases alone', answer(200, { refused: { resultCode: '000103' } })],
    ['501', answer(501, {})],
  ])('%s is a failed attempt', async (_, reaction) => {
    const { seller } = await given(reaction);
    await expect(issue(seller)).rejects.toThrow(/issueLicense/);
  });

  test('a code for applications alone refuses no purchase', async () => {
    const { seller } = await given(answer(200, { refused: { resultCode: '000900' } }));
    await expect(provision(seller)).rejects.toThrow(/provision/);
  });
});
