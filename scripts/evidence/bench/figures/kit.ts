import { createHmac, randomUUID } from 'node:crypto';
import { type AttributeValue, ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { RouteEvent } from '../../../../lib/middleware/route.ts';
import { createTableClient } from '../../../../lib/table/dynamodb.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { answering, cpuRow, sideBySide } from '../compare.ts';
import { lambdaContext, signedEvent } from '../events.ts';
import { calls, type Figure, type Row } from '../figure.ts';
import { inWorld, TABLES } from '../world.ts';

/** A little less than the largest body that is looked at. */
const BYTES = 2 * 1024 * 1024 - 256;
const USERS = 500;
const PARALLEL = 40;
const TIME_STAMP = '"timeStamp":"20250901173005123"';

/** Bodies that strangers may send to be most of a nuisance. */
const BODIES: Readonly<Record<string, string>> = {
  'many members': `{${TIME_STAMP},${filled((index) => `"${index.toString(36)}":0`)}}`,
  'few members and long lists': `{${TIME_STAMP},"a":[${filled(() => '1')}]}`,
  deep: `{${TIME_STAMP},"a":${'['.repeat(BYTES / 2 - 40)}${']'.repeat(BYTES / 2 - 40)}}`,
  'long texts': `{${TIME_STAMP},"a":"${'\\u0041b'.repeat(Math.floor(BYTES / 7) - 8)}"}`,
};

/** Forged calls of the Kit beside the HMAC of their bytes. */
export const kit: Figure = (effort, say) =>
  inWorld(async ({ parameters, load }) => {
    const koogate = load('produce');
    const context = lambdaContext();
    const handle = (event: RouteEvent) => koogate(event, context);
    const rows: Row[] = [];
    for (const version of ['v2', 'v1'] as const) {
      for (const [what, body] of Object.entries(BODIES)) {
        say(`forged, ${version}, ${what}`);
        const bytes = Buffer.from(body);
        const hash = () => createHmac('sha256', parameters.kitKey).update(bytes).digest();
        const count = calls(effort, 20, 10);
        const measured = await sideBySide(
          answering('KooGate', count, handle, () => kitEvent('authSync', body, version)),
          { name: 'HMAC', calls: count, prepare: (each) => Array.from({ length: each }, () => hash) },
          effort,
        );
        const figure = `forged Kit call of 2 MB (${version}), ${what} ÷ HMAC of its bytes`;
        rows.push(cpuRow(figure, { atMost: 20, stretch: 10 }, measured, ['KooGate', 'HMAC'], { note: 'two Kit keys' }));
      }
    }
    return rows;
  });

/** Rounds of lists at most: the engine takes longer for each write, the more items are due. */
const USERS_ROUNDS = 9;

/** Deliveries of one list: on a busy machine its time is over before all are written, and its repeat writes the rest. */
const MOST_DELIVERIES = 10;

/** A long list of users beside a bare loop of its writes. */
export const users: Figure = (effort, say) =>
  inWorld(async ({ parameters, load }) => {
    const koogate = load('produce');
    const context = lambdaContext();
    say(`authSync of ${USERS} users`);
    const client = createTableClient(); // as the functions make theirs
    let [lists, deliveries] = [0, 0];
    const taken = async (event: RouteEvent) => {
      lists += 1;
      for (let tries = 1; ; tries += 1) {
        deliveries += 1;
        // it arrives now: the time of a call counts from there, and many were made before the first is answered
        const requestContext = { ...event.requestContext, timeEpoch: Date.now() };
        const { body } = await koogate({ ...event, requestContext }, context);
        if (body?.includes('000000')) return;
        if (tries === MOST_DELIVERIES) throw new Error(`A call was not taken; is the machine busy? ${body}`);
      }
    };
    const measured = await sideBySide(
      answering('KooGate', 1, taken, () => usersEvent(parameters.kitKey)),
      { name: 'loop', calls: 1, prepare: (count) => Array.from({ length: count }, () => () => bareLoop(client)) },
      { ...effort, rounds: Math.min(effort.rounds, USERS_ROUNDS) },
    );
    return [
      cpuRow(
        `authSync of ${USERS} users ÷ a bare loop of ${USERS} conditional writes`,
        { atMost: 1.3 },
        measured,
        ['KooGate', 'loop'],
        {
          note: `${deliveries} deliveries of ${lists} lists: a machine that is busy needs more than one, and their cost counts`,
        },
      ),
    ];
  });

/** As many members or entries as fit. */
function filled(entry: (index: number) => string): string {
  const entries: string[] = [];
  for (let index = 0, size = 40; ; index += 1) {
    const next = entry(index);
    size += next.length + 1;
    if (size > BYTES) return entries.join(',');
    entries.push(next);
  }
}

function kitEvent(name: string, body: string, version: 'v2' | 'v1', headers = forgedHeaders()): RouteEvent {
  const path = `kit/produceAPI/${version === 'v2' ? 'v2/' : ''}${name}`;
  const event = signedEvent('none', {}, { product: 'kit' });
  return {
    ...event,
    rawPath: `/produce/${path}`,
    pathParameters: { product: path },
    rawQueryString: '',
    headers,
    body,
  };
}

function forgedHeaders(): Record<string, string> {
  const authtoken = Buffer.alloc(32).toString('base64');
  return { 'x-sign': '0'.repeat(64), 'x-timestamp': String(Date.now()), 'x-nonce': 'n', authtoken };
}

/** A list of users of a tenant that nobody knows yet. */
function usersEvent(key: string): RouteEvent {
  const userList = Array.from({ length: USERS }, (_, index) => ({
    ...{ userName: `user-${index}`, name: `User ${index}`, orgCode: '100', position: 'engineer', role: 'user' },
    ...{ enable: 'true', mobile: '13800000000', email: `user-${index}@example.com` },
  }));
  const body = JSON.stringify({
    ...{ instanceId: 'i-1', tenantId: randomUUID(), testFlag: 0, appId: 'app-1', flag: 1, userList },
  });
  const [timestamp, nonce] = [String(Date.now()), randomUUID()];
  const sign = createHmac('sha256', key).update(`${key}${nonce}${timestamp}${body}`).digest('hex').toUpperCase();
  return kitEvent('authSync', body, 'v2', { 'x-sign': sign, 'x-timestamp': timestamp, 'x-nonce': nonce });
}

/** The same number of conditional writes, of the same attributes and as many bytes, by the same client alone. */
async function bareLoop(client: Table['client']): Promise<void> {
  const [tenant, sealed] = [randomUUID(), 'x'.repeat(1_000)];
  const texts = ['type', 'product', 'tenantId', 'instanceId', 'kind', 'event', 'fingerprint', 'version'];
  const values: Record<string, AttributeValue> = {
    ...Object.fromEntries(texts.map((name) => [name, { S: tenant }])),
    ...Object.fromEntries(['sentAt', 'dueAt', 'dueShard'].map((name) => [name, { N: '1' }])),
    record: { M: { appId: { S: 'app-1' }, user: { S: sealed } } },
    failed: { M: {} },
  };
  const names = [...Object.keys(values), 'queue', 'turn'];
  const sets = Object.keys(values).map((name) => `#${name} = :${name}`);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < USERS; index = next++) {
      const write = client.send(
        new UpdateItemCommand({
          TableName: TABLES.koogate,
          Key: { pk: { S: `BARE#${tenant}` }, sk: { S: String(index) } },
          UpdateExpression: `SET ${sets.join(', ')} ADD #queue :queue, #turn :one`,
          ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
            ':queue': { SS: [`${sealed}${tenant.repeat(8)}`] },
            ':one': { N: '1' },
          },
        }),
      );
      await write.catch((error: unknown) => {
        // On a busy machine the client repeats what was not answered in time, and finds its own write.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
