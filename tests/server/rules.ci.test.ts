import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { startServer } from '../../handlers/server/start.ts';
import { defineConfig } from '../../lib/config/config.ts';
import { keys } from '../../lib/instances/keys.ts';
import { readItem } from '../../lib/instances/write.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import type { HookContext, Provisioned, Seller } from '../../lib/seller/contract.ts';
import { call } from '../../scripts/marketplace/signed-calls.ts';
import { eventually, type Host, refused, startHost } from './host.ts';

/** What the seller was called for, and what it does. */
const calls: { key: string; signal: AbortSignal }[] = [];
let provision: (context: HookContext) => Promise<Provisioned>;
const seller = {
  provision: (_: unknown, context: HookContext) => {
    calls.push({ key: context.idempotencyKey, signal: context.signal });
    return provision(context);
  },
  freeze: async () => ({}),
} as unknown as Seller;
const done = async () => ({ access: { frontEndUrl: 'https://t.example.com', userName: 'owner', password: 'p' } });

let host: Host;
let orders = 0;
beforeAll(async () => {
  host = await startHost({ crm: { seller } });
});
beforeEach(() => {
  calls.length = 0;
  provision = done;
});
afterAll(() => host.stop());

const purchase = () => {
  orders += 1;
  return { activity: 'newInstance', businessId: `b-${orders}`, orderId: `O-${orders}`, orderLineId: `O-${orders}-1` };
};
const ask = (message: Readonly<Record<string, unknown>>, of = host) => call(of.url('crm'), of.key('crm'), message);
const itemOf = ({ orderId, orderLineId }: ReturnType<typeof purchase>, of = host) =>
  readItem<Record<string, unknown>>(of.table, keys.instance('crm', deriveInstanceId('crm', orderId, orderLineId)));
const health = async (of = host) => (await fetch(`http://127.0.0.1:${of.server.port}/healthz`)).status;
const TEST = { ...purchase(), testFlag: '1' };

test('an accepted purchase is carried out at once, long before a sweep', async () => {
  const slow = await startHost({ crm: { seller } }, { sweepMs: 3_600_000 });
  const one = purchase();
  expect((await ask(one, slow)).json.resultCode).toBe('000004');
  await eventually(async () => (await itemOf(one, slow))?.state === 'ACTIVE', 'the purchase is carried out');
  expect(calls).toHaveLength(1);
  await slow.stop();
});

describe('while the table is out of reach', () => {
  test('dial tests are answered, real calls get a signed 000005, and the server stays ready', async () => {
    host.table.fault = () => {
      throw new Error('connect ECONNREFUSED');
    };
    expect((await ask(TEST)).json.resultCode).toBe('000000');
    const real = await ask(purchase());
    expect([real.status, real.json.resultCode, real.bodySignHolds]).toEqual([200, '000005', true]);
    expect(await health()).toBe(200);
    host.table.fault = () => {};
    const one = purchase();
    expect((await ask(one)).json.resultCode).toBe('000004');
    await eventually(async () => (await itemOf(one))?.state === 'ACTIVE', 'the purchase is carried out');
  });
});

describe('the clock', () => {
  test('that is off takes no changes, and tells; what only reads goes on', async () => {
    host.table.ahead = 6_000;
    await host.server.watchClock();
    expect(host.server.state.clock).toBe('off');
    const refused = await ask(purchase());
    expect([refused.json.resultCode, refused.bodySignHolds]).toEqual(['000005', true]);
    expect((await ask(TEST)).json.resultCode).toBe('000000');
    const read = await ask({ activity: 'queryInstance', instanceId: 'unknown' });
    expect(read.json.resultCode).toBe('000003');
    expect(await health()).toBe(200);
    expect(host.lines.some(({ level, message }) => level === 'error' && /6\.0 s behind/.test(String(message)))).toBe(
      true,
    );
    expect(await (await fetch(host.privateUrl('/metrics'))).text()).toMatch(
      /koogate_metric_last\{name="ClockOffset",unit="Milliseconds"\} 6000/,
    );
  });

  test('that is far off answers nothing', async () => {
    host.table.ahead = -51_000;
    await host.server.watchClock();
    expect((await ask(TEST)).status).toBe(503);
    expect(await health()).toBe(503);
  });

  test('that is right again takes changes', async () => {
    host.table.ahead = 0;
    await host.server.watchClock();
    const one = purchase();
    expect((await ask(one)).json.resultCode).toBe('000004');
    expect(await health()).toBe(200);
    await eventually(async () => (await itemOf(one))?.state === 'ACTIVE', 'the purchase is carried out');
  });

  test('stays as it was judged while the table is away', async () => {
    host.table.fault = () => {
      throw new Error('connect ECONNREFUSED');
    };
    await host.server.watchClock();
    host.table.fault = () => {};
    expect(host.server.state.clock).toBe('right');
  });
});

describe('the end', () => {
  test('waits for a hook under way, and takes no more connections', async () => {
    const ending = await startHost({ crm: { seller } });
    let finish: () => void = () => {};
    provision = async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return done();
    };
    const one = purchase();
    await ask(one, ending);
    await eventually(() => calls.length === 1, 'the hook begins');
    const stopped = ending.stop();
    await refused(ending.server.port);
    finish();
    await stopped;
    expect(await itemOf(one, ending)).toMatchObject({ state: 'ACTIVE' });
  });

  test('gives the hold of a hook back that does not end, and another server takes it up under the same key', async () => {
    const ending = await startHost({ crm: { seller } }, { hooksEndMs: 100 });
    provision = () => new Promise(() => {});
    const one = purchase();
    await ask(one, ending);
    await eventually(() => calls.length === 1, 'the hook begins');
    await ending.server.stop();
    expect(calls[0]?.signal.aborted).toBe(true);
    const left = await itemOf(one, ending);
    expect(left).toMatchObject({ dueAt: 0 });
    expect(left).not.toHaveProperty('leaseOwner');

    provision = done;
    const other = await ending.another();
    await eventually(async () => (await itemOf(one, ending))?.state === 'ACTIVE', 'the other server carries it out');
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    await other.stop();
    await ending.stop();
  });

  test('answers a call under way, and closes its connection', async () => {
    const ending = await startHost({ crm: { seller } });
    let asked = 0;
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    ending.table.fault = () => {
      asked += 1;
      return gate;
    };
    const answer = ask({ activity: 'queryInstance', instanceId: 'i-1' }, ending);
    await eventually(() => asked > 0, 'the call asks the table');
    const stopped = ending.stop();
    release();
    expect((await answer).bodySignHolds).toBe(true);
    await stopped;
  });
});

test('two servers on one table carry each change out once', async () => {
  const first = await startHost({ crm: { seller } }, { sweepMs: 5 });
  const second = await first.another({ sweepMs: 5 });
  provision = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return done();
  };
  const all = Array.from({ length: 30 }, purchase);
  await Promise.all(
    all.map((message, index) => {
      const port = index % 2 === 0 ? first.server.port : second.port;
      return call(`http://127.0.0.1:${port}/produce/crm`, first.key('crm'), message);
    }),
  );
  const isDone = async () =>
    (await Promise.all(all.map((one) => itemOf(one, first)))).every((item) => item?.state === 'ACTIVE');
  await eventually(isDone, 'all purchases are carried out');
  expect(calls.map(({ key }) => key).toSorted()).toEqual([...new Set(calls.map(({ key }) => key))].toSorted());
  expect(calls).toHaveLength(30);
  await second.stop();
  await first.stop();
});

test('keys that are exchanged while it runs are taken', async () => {
  const file = JSON.parse(readFileSync(host.secretsFile, 'utf8'));
  const [before = ''] = file.products.crm.accessKeys.base;
  file.products.crm.accessKeys.base = ['a-new-key-of-the-console'];
  writeFileSync(host.secretsFile, JSON.stringify(file));
  const newest = await call(host.url('crm'), 'a-new-key-of-the-console', TEST);
  expect([newest.json.resultCode, newest.bodySignHolds]).toEqual(['000000', true]);
  expect((await call(host.url('crm'), before, TEST)).json.resultCode).toBe('000001');
  file.products.crm.accessKeys.base = [before];
  writeFileSync(host.secretsFile, JSON.stringify(file));
});

describe('the private listener', () => {
  const post = (body: string, secret?: string, at = new Date()) => {
    const id = 'msg-1';
    const signature = secret === undefined ? '' : new Webhook(secret).sign(id, at, body);
    return fetch(host.privateUrl('/usage'), {
      method: 'POST',
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': signature,
      },
      body,
    });
  };

  test('counts calls and attempts', async () => {
    await ask(TEST);
    const text = await (await fetch(host.privateUrl('/metrics'))).text();
    expect(text).toMatch(
      /koogate_calls_total\{product="crm",activity="newInstance",test="true",status="200",code="000000"\} \d+/,
    );
    expect(text).toMatch(/koogate_attempts_total\{product="crm",kind="provision",outcome="done"\} \d+/);
    expect(text).toMatch(/koogate_sweeps_total \d+/);
  });

  test('takes no reports but those that are signed with the secret, just now', async () => {
    const { secret } = host.secrets.seller;
    const body = '{"reports":[]}';
    expect((await post(body)).status).toBe(401);
    expect((await post(body, `whsec_${Buffer.alloc(32, 7).toString('base64')}`)).status).toBe(401);
    expect((await post(body, secret, new Date(Date.now() - 600_000))).status).toBe(401);
    expect((await post(body, secret)).status).toBe(200);
    expect((await post('{"reports":1}', secret)).status).toBe(400);
    expect((await post('no json', secret)).status).toBe(400);
    expect((await fetch(host.privateUrl('/usage'))).status).toBe(405);
    expect((await fetch(host.privateUrl('/produce/crm'), { method: 'POST' })).status).toBe(404);
  });

  test('says 422 for a report that is refused, and 503 while nothing can be stored', async () => {
    const { secret } = host.secrets.seller;
    const body = '{"reports":[{"product":"crm"}]}';
    const refused = await post(body, secret);
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ results: [{ outcome: 'refused' }] });
    host.server.state.clock = 'off';
    expect((await post(body, secret)).status).toBe(503);
    host.server.state.clock = 'right';
  });
});

describe('a start', () => {
  const start = (change: Record<string, string | undefined> = {}, prepare: () => void = () => {}) => {
    prepare();
    const config = defineConfig({ service: 'shop', products: { crm: { seller } }, stages: {} });
    const env = {
      ...{ KOOGATE_STAGE: 'local', KOOGATE_SECRETS: host.secretsFile, KOOGATE_PRIVATE: '127.0.0.1:0', PORT: '0' },
      KOOGATE_TABLE: host.table.name,
    };
    const write = () => {};
    return startServer(config, { ...env, ...change }, { table: host.table, write });
  };

  test('is refused while the clock is off', async () => {
    host.table.ahead = 5_500;
    await expect(start()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/5\.\d s behind .*NTP/),
    });
    host.table.ahead = 0;
  });

  test('is refused without a table, or with one that it cannot run on', async () => {
    host.table.fault = () => {
      throw new Error('connect ECONNREFUSED');
    };
    await expect(start()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/cannot be used: connect/),
    });
    host.table.fault = () => {};
    host.table.check = async () => Promise.reject(new Error('The schema has version 9.'));
    await expect(start()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/schema has version 9/),
    });
    host.table.check = async () => {};
  });

  test('is refused if the settings lack a product that the table has served', async () => {
    const config = defineConfig({ service: 'shop', products: { other: { seller } }, stages: {} });
    const env = {
      KOOGATE_STAGE: 'local',
      KOOGATE_SECRETS: host.secretsFile,
      KOOGATE_PRIVATE: '127.0.0.1:0',
      PORT: '0',
    };
    const refused = startServer(config, env, { table: host.table, write: () => {} });
    await expect(refused).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(/"crm".*formerNames/) });
  });

  test('is refused if others may read the secrets', async () => {
    chmodSync(host.secretsFile, 0o644);
    await expect(start()).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(/0644/) });
    chmodSync(host.secretsFile, 0o600);
  });

  test('is refused on a port that is taken', async () => {
    const refused = start({ PORT: String(host.server.port) });
    await expect(refused).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(/is in use/) });
  });
});
