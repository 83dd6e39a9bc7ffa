import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTableClient } from '../../lib/table/dynamodb.ts';

/** What the endpoint was sent, and what it is to answer next; with nothing in the queue an empty answer. */
const received: { readonly target: string; readonly body: Record<string, unknown> }[] = [];
const answers: (() => Promise<{ readonly status: number; readonly body: object }>)[] = [];
const before = { ...process.env };
let server: Server;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    received.push({ target: String(request.headers['x-amz-target']), body: JSON.parse(await text(request)) });
    const { status, body } = (await answers.shift()?.()) ?? { status: 200, body: {} };
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The endpoint got no port.');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${address.port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
});

afterAll(() => {
  process.env = before;
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  received.length = 0;
  answers.length = 0;
});

const busy = async () => ({ status: 500, body: { __type: 'InternalServerError' } });
/** Leaves the request without an answer. */
const never = () => new Promise<never>(() => {});
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'b' } });
const get = (pk: string) => new GetItemCommand({ TableName: 'table', Key: key(pk) });
const put = (pk: string) => new PutItemCommand({ TableName: 'table', Item: key(pk) });

test('tells requests apart that are under way together', async () => {
  const client = createTableClient();
  for (const pk of ['1', '2']) answers.push(async () => ({ status: 200, body: { Item: key(pk) } }));

  await Promise.all([
    client.send(get('a')),
    client.send(get('b'), { abortSignal: new AbortController().signal }),
    client.send(put('c')),
  ]);

  expect(received.map(({ target }) => target.split('.')[1]).sort()).toEqual(['GetItem', 'GetItem', 'PutItem']);
  expect(received.map(({ body }) => JSON.stringify(body.Key ?? body.Item)).sort()).toEqual(
    ['a', 'b', 'c'].map((pk) => JSON.stringify(key(pk))),
  );
});

test('tries again what failed for a moment', async () => {
  answers.push(busy);

  await createTableClient().send(put('a'), { abortSignal: new AbortController().signal });

  expect(received).toHaveLength(2);
});

test('tries three times and no more', async () => {
  answers.push(busy, busy, busy, busy);

  await expect(createTableClient().send(put('a'))).rejects.toMatchObject({ name: 'InternalServerError' });

  expect(received).toHaveLength(3);
});

test('tries again what is not answered in time', async () => {
  answers.push(never);

  await createTableClient().send(put('a'), { abortSignal: new AbortController().signal });

  expect(received).toHaveLength(2);
});

test('sends nothing more once its call is over', async () => {
  const call = new AbortController();
  answers.push(() => {
    call.abort(new Error('over'));
    return busy();
  });

  await expect(createTableClient().send(put('a'), { abortSignal: call.signal })).rejects.toThrow('over');

  expect(received).toHaveLength(1);
});

test('waits for no answer once its call is over', async () => {
  const call = new AbortController();
  answers.push(() => {
    call.abort(new Error('over'));
    return never();
  });

  await expect(createTableClient().send(put('a'), { abortSignal: call.signal })).rejects.toThrow('over');

  expect(received).toHaveLength(1);
});

test('sends nothing at all for a call that is over already, and goes on with the next', async () => {
  const client = createTableClient();

  await expect(client.send(put('a'), { abortSignal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over');
  await client.send(put('b'), { abortSignal: new AbortController().signal });

  expect(received.map(({ body }) => body.Item)).toEqual([key('b')]);
});
