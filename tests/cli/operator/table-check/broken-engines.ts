import { type Body, type Forward, failure, type Intercept, type Reply } from '../../../support/dynamodb-proxy.ts';

/*
 * Engines that break one rule each, by the probe that has to name it: an honest engine behind a proxy that changes what
 * passes. Those of the races are honest as long as nobody else is at the same item.
 */

type Texts = 'ConditionExpression' | 'UpdateExpression' | 'KeyConditionExpression';

/** Replaces a part of an expression. Placeholders that it no longer has are taken away, as the engine demands. */
function says(member: Texts, from: RegExp, to: string): Intercept {
  return (operation, body, forward) => {
    const text = body[member];
    return forward(operation, typeof text === 'string' ? tidied({ ...body, [member]: text.replace(from, to) }) : body);
  };
}

function tidied(body: Body): Body {
  const text = [body.ConditionExpression, body.UpdateExpression, body.KeyConditionExpression].join(' ');
  const used = (members: unknown) => {
    const left = Object.entries(Object(members)).filter(([name]) => new RegExp(`${name}(?!\\w)`).test(text));
    return left.length === 0 ? undefined : Object.fromEntries(left);
  };
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = body;
  const whole: Body = { ...body, ExpressionAttributeNames: used(names), ExpressionAttributeValues: used(values) };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined && value !== ''));
}

/** Changes answers. */
function answers(change: (operation: string, reply: Reply, body: Body) => Reply): Intercept {
  return async (operation, body, forward) => change(operation, await forward(operation, body), body);
}

/** Refuses requests. */
function refuses(isRefused: (text: string, body: Body) => boolean): Intercept {
  return async (operation, body, forward) =>
    isRefused(JSON.stringify(body), body) ? failure('ValidationException', 'too long') : forward(operation, body);
}

/** Changes the text of a request. */
function rewrites(change: (text: string) => string): Intercept {
  return (operation, body, forward) => forward(operation, JSON.parse(change(JSON.stringify(body))));
}

/** Does something else while another request is at the same item. */
function inRaces(operation: string, other: Intercept): () => Intercept {
  return () => {
    const busy = new Map<string, number>();
    return async (name, body, forward) => {
      if (name !== operation) return forward(name, body);
      const { pk } = Object(body.Key ?? body.Item);
      const key = JSON.stringify(pk);
      const others = busy.get(key) ?? 0;
      busy.set(key, others + 1);
      try {
        return await (others === 0 ? slowly(name, body, forward) : other(name, body, forward));
      } finally {
        busy.set(key, (busy.get(key) ?? 1) - 1);
      }
    };
  };
}

async function slowly(operation: string, body: Body, forward: Forward): Promise<Reply> {
  const reply = await forward(operation, body);
  await new Promise((resolve) => setTimeout(resolve, 5)); // so that others come while it is under way
  return reply;
}

const isFailedCondition = ({ body }: Reply) => String(body.__type).endsWith('ConditionalCheckFailedException');
const unconditionally: Intercept = (operation, { ConditionExpression: _, ...body }, forward) =>
  forward(operation, tidied(body));
const dropped =
  (Attributes: object): Intercept =>
  async () => ({ status: 200, body: { Attributes } });

function items({ body }: Reply, change: (items: unknown[]) => unknown[]): Reply {
  const { Items, Responses } = body;
  if (Array.isArray(Items)) return { status: 200, body: { ...body, Items: change(Items) } };
  const of = Object.entries(Object(Responses)).map(([table, found]) => [table, change(found as unknown[])]);
  return { status: 200, body: { ...body, Responses: Object.fromEntries(of) } };
}

/** What each engine does, by the probe; made anew for each run. */
export const BROKEN: Readonly<Record<string, () => Intercept>> = {
  'put-if-absent': () => (operation, body, forward) =>
    operation === 'PutItem' ? unconditionally(operation, body, forward) : forward(operation, body),
  'old-image': () =>
    answers((_, reply) => {
      if (!isFailedCondition(reply) || reply.body.Item === undefined) return reply;
      const { pk, sk } = reply.body.Item as Body;
      return { ...reply, body: { ...reply.body, Item: { pk, sk } } };
    }),
  'new-image': () => rewrites((text) => text.replace('"ALL_NEW"', '"UPDATED_NEW"')),
  conditions: () => says('ConditionExpression', /^NOT contains/, 'contains'),
  'condition-on-nothing': () =>
    says('ConditionExpression', /^#state = :v$/, 'attribute_not_exists(#state) OR #state = :v'),
  'several-clauses': () => says('UpdateExpression', / DELETE .*$/, ''),
  'invalid-update': () =>
    answers((_, reply) =>
      String(reply.body.__type).endsWith('ValidationException') ? failure('ConditionalCheckFailedException') : reply,
    ),
  delete: () => async (operation, body, forward) =>
    operation === 'DeleteItem' ? { status: 200, body: {} } : forward(operation, body),
  'list-position': () => says('ConditionExpression', /\[\d+\]/g, '[0]'),
  'list-member': () => says('ConditionExpression', /\[0\]\./, '[1].'),
  'list-remove': () => says('UpdateExpression', /REMOVE #pending\[0\]/, 'REMOVE #pending[1]'),
  'list-append': () => says('UpdateExpression', /list_append\(#pending, :changes\)/, 'list_append(:changes, #pending)'),
  'map-member': () => rewrites((text) => text.replaceAll('"renew#', '"renew.')),
  'if-not-exists': () => says('UpdateExpression', /if_not_exists\(#expiresAt, :at\)/, ':at'),
  counter: () => says('UpdateExpression', /ADD #turn :one/, 'SET #turn = :one'),
  sets: () => says('UpdateExpression', /ADD #queue :members/, 'SET #queue = :members'),
  text: () => rewrites((text) => text.replaceAll('\\u0000', '')),
  'empty-values': () => rewrites((text) => text.replaceAll('{"S":""}', '{"NULL":true}')),
  numbers: () =>
    rewrites((text) => text.replace(/"N":"(\d{16})"/g, (_, digits) => `"N":"${Math.fround(Number(digits))}"`)),
  'key-length': () => refuses((text) => /"pk":\{"S":"[^"]{1025}/.test(text)),
  'attribute-name': () => refuses((text) => /"n{65}/.test(text)),
  'item-size': () => refuses((text) => text.length > 100_000),
  'consistent-read': () => {
    const seen = new Map<string, Reply>();
    return async (operation, body, forward) => {
      if (operation !== 'GetItem') return forward(operation, body);
      const key = JSON.stringify(body.Key);
      const reply = seen.get(key) ?? (await forward(operation, body));
      seen.set(key, reply);
      return reply;
    };
  },
  'batch-read': () =>
    answers((operation, reply) => (operation === 'BatchGetItem' ? items(reply, (all) => all.slice(0, 50)) : reply)),
  'batch-size': () => answers((_, reply) => ({ ...reply, body: { ...reply.body, UnprocessedKeys: {} } })),
  query: () => says('KeyConditionExpression', / > /, ' >= '),
  scan: () => answers((operation, reply) => (operation === 'Scan' ? items(reply, (all) => all.slice(0, -1)) : reply)),
  'order-index': () =>
    answers((_, reply, { IndexName }) => (IndexName === 'order' ? items(reply, (all) => all.toReversed()) : reply)),
  index: () => answers((_, reply, { IndexName }) => (IndexName ? items(reply, (all) => all.toReversed()) : reply)),
  'race-put': inRaces('PutItem', dropped({})),
  'race-claim': inRaces('UpdateItem', unconditionally),
  'race-append': inRaces('UpdateItem', dropped({ pending: { L: [] } })),
  'race-counter': inRaces('UpdateItem', dropped({ turn: { N: '1' } })),
  'race-head': inRaces('UpdateItem', unconditionally),
  'race-version': inRaces('UpdateItem', unconditionally),
  life: () => says('ConditionExpression', / OR #ttl < :now/, ''),
};
