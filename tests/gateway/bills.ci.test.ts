import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { agentsGateway, apigGateway, GatewayError, type GatewayNote, type Listener } from '../../lib/gateway/index.ts';
import { seededRandom } from '../../scripts/cli/certify/shuffle.ts';
import { demoGateway } from '../../scripts/dev/samples/demo-gateway.ts';
import { type BilledCall, startGateway } from '../../scripts/marketplace/stand-in/gateway/server.ts';

/*
 * A gateway that shares no code with the middleware signs, streams, cuts, repeats, counts and bills; what it has billed is
 * compared with what the model has sent.
 */

const KEY = { name: 'demo-app-key', secret: 'demo-app-secret-0123456789abcdef' };
const PATHS = ['usage.prompt_tokens', 'usage.completion_tokens'];
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function serve(listener: Listener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a model does in one call. */
interface Plan {
  readonly prompt: number;
  readonly tokens: number;
  /** Way in which the model tells its usage; `own`: not at all, the seller counts. */
  readonly usage: 'own' | 'last' | 'each' | 'nulls' | 'with-content';
  /** Token before which the model breaks. */
  readonly breaksAt: number;
  readonly end: string;
  readonly chunk: number;
  /** Attempts that fail before anything was sent. */
  readonly failures: number;
  readonly isDone: boolean;
  readonly cutAfter: number;
  readonly leaves: boolean;
}

function planOf(random: () => number): Plan {
  const pick = <T>(...list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const tokens = Math.floor(random() * 30);
  return {
    prompt: Math.floor(random() * 50),
    tokens,
    usage: pick('own', 'last', 'each', 'nulls', 'with-content'),
    breaksAt: random() < 0.2 && tokens > 0 ? 1 + Math.floor(random() * tokens) : Number.POSITIVE_INFINITY,
    end: pick('\n\n', '\r\n\r\n'),
    chunk: pick(5, 16, 64, 4_096),
    failures: random() < 0.15 ? 1 + Math.floor(random() * 2) : 0,
    isDone: random() < 0.9,
    cutAfter: random() < 0.1 ? 1 + Math.floor(random() * 1_500) : Number.POSITIVE_INFINITY,
    leaves: random() < 0.05,
  };
}

/** Tokens that a call has really sent, as its model knows. */
interface Sent {
  prompt: number;
  completion: number;
}

/** The model's stream, in chunks that cut events anywhere. */
async function* model(plan: Plan, sent: Sent): AsyncGenerator<Uint8Array> {
  const usage = (completion: number) => ({ prompt_tokens: plan.prompt, completion_tokens: completion });
  const bytes = async function* (members: object | string) {
    const data = typeof members === 'string' ? members : JSON.stringify(members);
    const whole = Buffer.from(`data: ${data}${plan.end}`);
    for (let at = 0; at < whole.length; at += plan.chunk) yield whole.subarray(at, at + plan.chunk);
  };
  yield Buffer.from(`: hello${plan.end}`);
  for (let token = 1; token <= plan.tokens; token += 1) {
    if (token >= plan.breaksAt) throw new Error('The model broke.');
    const choices = [{ delta: { content: `词${token}` } }];
    const told =
      plan.usage === 'each' || (plan.usage === 'with-content' && token === plan.tokens)
        ? { usage: usage(token) }
        : plan.usage === 'nulls'
          ? { usage: null }
          : {};
    if (plan.usage === 'own' || plan.usage === 'each') Object.assign(sent, { prompt: plan.prompt, completion: token });
    yield* bytes({ choices, ...told });
    if (token % 16 === 0) await turn();
  }
  Object.assign(sent, { prompt: plan.prompt, completion: plan.tokens });
  if (plan.usage === 'last' || plan.usage === 'nulls') yield* bytes({ choices: [], usage: usage(plan.tokens) });
  else if (plan.tokens === 0) yield* bytes({ choices: [], usage: usage(0) });
  if (plan.isDone) yield* bytes('[DONE]');
}

test.each([
  ['agents', 1_000],
  ['apig', 400],
] as const)(
  'of random streams behind %s that break, are cut and repeated, %i bill what was sent',
  async (kind, runs) => {
    const random = seededRandom(kind === 'apig' ? 11 : 7);
    const plans = Array.from({ length: runs }, () => planOf(random));
    const sent = plans.map((): Sent => ({ prompt: 0, completion: 0 }));
    const tries = plans.map(() => 0);
    const notes: GatewayNote[] = [];
    const options = { keys: { [KEY.name]: KEY.secret }, billed: PATHS, note: (note: GatewayNote) => notes.push(note) };
    const admit = kind === 'apig' ? apigGateway(options) : agentsGateway(options);
    const url = await serve(
      admit(async ({ stream }, { url: target = '' }) => {
        const number = Number(target.slice(1));
        const [plan, own] = [plans[number], sent[number]];
        if (plan === undefined || own === undefined) throw new GatewayError(404, 'none', 'There is no such plan.');
        tries[number] = (tries[number] ?? 0) + 1;
        if ((tries[number] ?? 0) <= plan.failures) throw new GatewayError(503, 'busy', 'The model is busy.');
        const count = () => ({ 'usage.prompt_tokens': own.prompt, 'usage.completion_tokens': own.completion });
        await stream(model(plan, own), plan.usage === 'own' ? count : undefined);
      }),
    );
    const gateway = await startGateway({
      kind,
      backend: url,
      key: KEY,
      billed: PATHS,
      mishap: (call) => ({ cutAfter: plans[call]?.cutAfter ?? 0, repeats: 2, signsAnew: call % 2 === 0 }),
    });
    stops.push(gateway.stop);

    for (const [number, plan] of plans.entries()) await buy(gateway.url, number, plan);
    while (gateway.calls.length < runs) await turn();

    const sums = { last: 0, sum: 0, sent: 0, cut: 0, broken: 0 };
    for (const call of gateway.calls) {
      const number = Number(call.target.slice(1));
      const plan = plans[number] as Plan;
      const own = sent[number] as Sent;
      if (plan.breaksAt === 1) {
        // Nothing was sent before the model broke.
        expect([number, call.bill?.billing ?? 0]).toEqual([number, 0]);
        continue;
      }
      expect(call.attempts).toHaveLength(plan.failures + 1);
      expect(call.attempts.slice(0, -1).every((status) => status === 503)).toBe(true);
      const { last, sum, billing, after } = billOf(call);
      if (!call.isWhole) {
        // What a gateway cuts itself is billed as a whole or not at all.
        sums.cut += 1;
        if (billing > 0) expect([number, last, sum]).toEqual([number, quantities(own), quantities(own)]);
        continue;
      }
      expect([number, last, sum]).toEqual([number, quantities(own), quantities(own)]);
      expect([number, billing, after]).toEqual([number, 1, 0]);
      sums.last += last['usage.completion_tokens'] ?? 0;
      sums.sum += sum['usage.completion_tokens'] ?? 0;
      sums.sent += own.completion;
      if (plan.breaksAt <= plan.tokens) sums.broken += 1;
    }
    expect([sums.last, sums.sum]).toEqual([sums.sent, sums.sent]);
    for (const often of [sums.sent, sums.cut, sums.broken, notes.length]) expect(often).toBeGreaterThan(runs / 50);
    console.log(`${runs} streams behind ${kind}: ${JSON.stringify(sums)}`);
  },
);

function quantities({ prompt, completion }: Sent) {
  return { 'usage.prompt_tokens': prompt, 'usage.completion_tokens': completion };
}

function billOf({ bill }: BilledCall) {
  if (bill === undefined) throw new Error('The call was not billed.');
  return bill;
}

/** A buyer, who may leave in the middle. */
async function buy(url: string, number: number, { leaves }: Plan): Promise<void> {
  const leaving = new AbortController();
  try {
    const response = await fetch(`${url}/${number}`, {
      method: 'POST',
      headers: { authorization: 'Bearer c-1' },
      body: '{}',
      signal: leaving.signal,
    });
    if (leaves) leaving.abort();
    await response.arrayBuffer();
  } catch {
    // left, or cut
  }
}

describe('the sample server', () => {
  async function sample(kind: 'apig' | 'agents', secret = KEY.secret) {
    const keys = { [KEY.name]: KEY.secret };
    const backend = `${await serve(demoGateway({ apig: keys, agents: keys, note: () => {} }))}/${kind}`;
    const gateway = await startGateway({ kind, backend, key: { ...KEY, secret } });
    stops.push(gateway.stop);
    const ask = async (body: object) => {
      const response = await fetch(`${gateway.url}/chat`, {
        method: 'POST',
        headers: { authorization: 'Bearer c-1' },
        body: JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    };
    return { ask, calls: gateway.calls };
  }

  test.each(['apig', 'agents'] as const)('answers and streams behind %s', async (kind) => {
    const { ask, calls } = await sample(kind);
    expect(JSON.parse((await ask({ prompt: 'one two' })).text)).toMatchObject({
      choices: [{ message: { content: 'two one' } }],
    });
    expect((await ask({ prompt: 'one two', stream: true })).text).toMatch(/two .*one .*\[DONE\]/s);
    expect(await ask({ stream: true })).toMatchObject({ status: 400 });
    const bills = calls.map(({ bill }) => bill?.last);
    const two = { 'usage.prompt_tokens': 2, 'usage.completion_tokens': 2 };
    expect(bills).toEqual(kind === 'agents' ? [two, two, undefined] : [{}, {}, undefined]);
  });

  test.each(['apig', 'agents'] as const)('bills nothing to calls that are not proved, behind %s', async (kind) => {
    const { ask, calls } = await sample(kind, 'another-secret-0123456789');
    expect(await ask({ prompt: 'one' })).toMatchObject({ status: 401 });
    expect(calls).toMatchObject([{ attempts: [401] }]);
    expect(calls[0]).not.toHaveProperty('bill');
  });
});
