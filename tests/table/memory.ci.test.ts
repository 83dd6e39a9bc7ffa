import {
  type AttributeValue,
  ConditionalCheckFailedException,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sweep } from '../../lib/fulfilment/fulfil-all.ts';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { keys } from '../../lib/instances/keys.ts';
import {
  acceptOrderNotice,
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
  claimNonce,
  requeue,
} from '../../lib/instances/store.ts';
import type { Attributes } from '../../lib/table/expressions/paths.ts';
import { MemoryEngine, type Send } from '../../lib/table/memory.ts';
import { world } from '../fulfilment/world.ts';
import { freshTable, newOrder } from '../instances/support.ts';
import { ENGINES, startTable, type TestTable } from '../support/table.ts';

/** Engines that give the old item with a failed condition. */
const WHOLE = ENGINES.filter((name) => name !== 'dynalite');

let running: TestTable;

/** Outcome of a request, in a form that can be compared: sets have no order. */
async function outcome(send: Send, command: PutItemCommand | UpdateItemCommand): Promise<unknown> {
  try {
    const { Attributes } = (await Reflect.apply(send, running.client, [command])) as { Attributes?: Attributes };
    return { done: plain(Attributes) };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { refused: plain(error.Item) };
    if (error instanceof Error && error.name === 'ValidationException') return 'invalid';
    throw error;
  }
}

function plain(value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value, (name, inner) => (name === 'SS' ? [...inner].sort() : inner)));
}

/** Both engines behind one client; the first difference ends the test. */
function both(model: MemoryEngine): Send {
  return (async (command: PutItemCommand) => {
    const [real, modelled] = await Promise.allSettled(
      [running.client.send, model.send].map(
        (send): Promise<Record<string, unknown>> => Reflect.apply(send, running.client, [command]),
      ),
    );
    expect(comparable(modelled)).toEqual(comparable(real));
    if (real?.status === 'rejected') throw real.reason;
    return real?.value;
  }) as Send;
}

function comparable(settled: PromiseSettledResult<Record<string, unknown>> | undefined): unknown {
  if (settled?.status !== 'fulfilled') return plain({ error: settled?.reason.name, item: settled?.reason.Item });
  const { Attributes, Item, Items, Responses } = settled.value;
  return plain({ Attributes, Item, Items, Responses });
}

const number = fc.integer({ min: -2, max: 3 }).map((n): AttributeValue => ({ N: String(n) }));
const text = fc.constantFrom('', 'a', 'ab', 'b').map((s): AttributeValue => ({ S: s }));
const set = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'ab'), { minLength: 1 })
  .map((members): AttributeValue => ({ SS: members }));
const leaf = fc.oneof(number, text, set);
const list = fc.array(
  fc.oneof(
    leaf,
    fc.dictionary(fc.constantFrom('x', 'y'), leaf).map((M) => ({ M })),
  ),
  { maxLength: 3 },
);
const anyValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  leaf,
  list.map((L) => ({ L })),
  fc.dictionary(fc.constantFrom('x', 'y'), leaf, { noNullPrototype: true }).map((M) => ({ M })),
);
const NAMES = ['x', 'y', 'z'];
const item = fc.dictionary(fc.constantFrom(...NAMES), anyValue, { noNullPrototype: true });
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('#x', '#y', '#z') },
  fc.constantFrom('#x[0]', '#y[1]', '#x.#y', '#z.#x', '#y[0].#x'),
);

/** An expression with the values it needs: placeholders are numbered as they come. */
interface Piece {
  readonly text: string;
  readonly values: readonly AttributeValue[];
}
const withValue = (value: fc.Arbitrary<AttributeValue>, form: (path: string) => string) =>
  fc.tuple(path, value).map(([at, given]): Piece => ({ text: form(at), values: [given] }));
const simple: fc.Arbitrary<Piece> = fc.oneof(
  fc
    .constantFrom('attribute_exists', 'attribute_not_exists')
    .chain((name) => path.map((at): Piece => ({ text: `${name}(${at})`, values: [] }))),
  withValue(fc.oneof(text, number), (at) => `contains(${at}, ?)`),
  withValue(text, (at) => `begins_with(${at}, ?)`),
  ...['=', '<>'].map((operator) => withValue(anyValue, (at) => `${at} ${operator} ?`)),
  ...['<', '<=', '>', '>='].map((operator) => withValue(fc.oneof(number, text), (at) => `${at} ${operator} ?`)),
);
const negated = fc
  .tuple(simple, fc.boolean())
  .map(([piece, not]): Piece => ({ ...piece, text: not ? `NOT ${piece.text}` : piece.text }));
const condition: fc.Arbitrary<Piece> = fc
  .array(fc.tuple(negated, fc.constantFrom(' AND ', ' OR ')), { minLength: 1, maxLength: 4 })
  .map((parts) => ({
    text: parts.map(([{ text }, joint], index) => (index === 0 ? text : joint + text)).join(''),
    values: parts.flatMap(([{ values }]) => values),
  }));
const actions = (action: fc.Arbitrary<Piece>, keyword: string): fc.Arbitrary<Piece> =>
  fc.array(action, { maxLength: 2 }).map((some) => ({
    text: some.length === 0 ? '' : `${keyword} ${some.map(({ text }) => text).join(', ')}`,
    values: some.flatMap(({ values }) => values),
  }));
const update: fc.Arbitrary<Piece> = fc
  .tuple(
    actions(
      fc.oneof(
        withValue(anyValue, (at) => `${at.replace(/\[.*/, '')} = ?`),
        withValue(number, (at) => `${at} = ${at} + ?`),
        withValue(
          list.map((L) => ({ L })),
          (at) => `${at} = list_append(${at}, ?)`,
        ),
        withValue(anyValue, (at) => `${at} = if_not_exists(${at}, ?)`),
      ),
      'SET',
    ),
    actions(
      path.map((at): Piece => ({ text: at, values: [] })),
      'REMOVE',
    ),
    actions(
      fc
        .oneof(number, set)
        .chain((value) => fc.constantFrom('#x', '#y', '#z').map((at): Piece => ({ text: `${at} ?`, values: [value] }))),
      'ADD',
    ),
    actions(
      set.chain((value) =>
        fc.constantFrom('#x', '#y', '#z').map((at): Piece => ({ text: `${at} ?`, values: [value] })),
      ),
      'DELETE',
    ),
  )
  .map((clauses) => ({
    text: clauses
      .map(({ text }) => text)
      .filter((clause) => clause !== '')
      .join(' '),
    values: clauses.flatMap(({ values }) => values),
  }))
  .filter(({ text }) => text !== '');

let serial = 0;

function command(key: Attributes, toDo: Piece, rule: Piece): UpdateItemCommand {
  const values: Record<string, AttributeValue> = {};
  const all = [...toDo.values, ...rule.values];
  let count = 0;
  const numbered = (expression: string) =>
    expression.replace(/\?/g, () => {
      const name = `:v${count}`;
      values[name] = all[count] ?? { NULL: true };
      count += 1;
      return name;
    });
  const [UpdateExpression, ConditionExpression] = [numbered(toDo.text), numbered(rule.text)];
  const used = new Set(`${UpdateExpression} ${ConditionExpression}`.match(/#\w/g));
  return new UpdateItemCommand({
    TableName: running.table.name,
    Key: key,
    UpdateExpression,
    ConditionExpression,
    ExpressionAttributeNames: Object.fromEntries([...used].map((name) => [name, name.slice(1)])),
    ...(count === 0 ? {} : { ExpressionAttributeValues: values }),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
}

describe.each(WHOLE)('beside %s', (engine) => {
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  test('answers any request of the portable subset as the real engine does', async () => {
    const counts: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(fc.option(item), condition, update, async (before, rule, toDo) => {
        const model = new MemoryEngine();
        serial += 1;
        const key = { pk: { S: `P${serial}` }, sk: { S: 'S' } };
        if (before !== null) {
          const put = new PutItemCommand({ TableName: running.table.name, Item: { ...key, ...before } });
          await running.client.send(put);
          await model.send(put);
        }
        const request = command(key, toDo, rule);
        const real = await outcome(running.client.send, request);
        const kind = typeof real === 'string' ? real : Object.keys(real as object)[0];
        counts[kind ?? ''] = (counts[kind ?? ''] ?? 0) + 1;
        const modelled = await outcome(model.send, request);
        // DynamoDB refuses a path that leads through nothing, this engine lets it pass or makes what is missing; the model
        // is the stricter, so that no such request can go unnoticed.
        if (modelled === 'invalid' && kind === 'done' && /[.[]/.test(toDo.text)) return;
        expect(modelled).toEqual(real);
      }),
      { numRuns: Number(process.env.MODEL_RUNS ?? 600) },
    );
    expect(Object.keys(counts).sort()).toEqual(['done', 'invalid', 'refused']);
  });

  test('answers whatever the store sends as the real engine does', async () => {
    const act = fc.record({
      what: fc.constantFrom(
        'renew',
        'upgrade',
        'freeze',
        'unfreeze',
        'release',
        'buy',
        'notice',
        'nonce',
        'fulfil',
        'fail',
        'refuse',
        'requeue',
        'sweep',
      ),
      order: fc.constantFrom('A', 'B'),
      sentAt: fc.integer({ min: 1, max: 6 }),
    });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
        const model = new MemoryEngine();
        model.onWrite = () => {
          compared += 1;
        };
        const { name } = await freshTable(running);
        const table = { name, client: { send: both(model) } };
        const w = world(table);
        const line = newOrder();
        const buy = () => acceptPurchase(table, { product: 'demo', ...line, sentAt: 1 }, w.time.now);
        const { instanceId } = await buy();
        const key = keys.instance('demo', instanceId);
        for (const { what, order, sentAt } of acts) {
          const call = { product: 'demo', instanceId, sentAt };
          const its = { orderId: `${line.orderId}-${order}`, orderLineId: `${line.orderId}-${order}-1` };
          const now = w.time.now;
          w.time.now += 100;
          if (what === 'renew')
            await acceptRenewal(table, { ...call, ...its, scene: 'RENEWAL', expiresAt: sentAt }, now);
          if (what === 'upgrade') await acceptUpgrade(table, { ...call, ...its }, now);
          if (what === 'freeze' || what === 'unfreeze') {
            await acceptStatus(table, { ...call, status: what === 'freeze' ? 'FREEZE' : 'UNFREEZE' }, now);
          }
          if (what === 'release') await acceptRelease(table, call, now);
          if (what === 'buy') await buy();
          if (what === 'notice') await acceptOrderNotice(table, { product: 'demo', ...its, sentAt }, now);
          if (what === 'nonce') await claimNonce(table, 'demo', its.orderId, now, { newToken: () => String(sentAt) });
          if (what === 'requeue') await requeue(table, key, now);
          if (what === 'sweep') await sweep(w.deps, () => 1_000_000);
          if (what === 'fulfil' || what === 'fail' || what === 'refuse') {
            w.behaviour.current = () => {
              if (what === 'fail') throw new Error('not this time');
              return what === 'refuse' ? { failed: { reason: 'for good' } } : undefined;
            };
            await fulfilItem(w.deps, key, () => 1_000_000);
            if (what === 'fail') w.time.now += 3_600_000;
          }
        }
      }),
      { numRuns: 25 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
