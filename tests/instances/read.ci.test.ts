import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readInstances } from '../../lib/instances/read.ts';
import type { Table } from '../../lib/table/table.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { bought, ENGINES, type Sent, watched } from './support.ts';

/** The keys that a request asks for. */
function keysIn(input: Sent['input'], table: string): readonly unknown[] {
  return (input.RequestItems as Record<string, { Keys: readonly unknown[] }>)[table]?.Keys ?? [];
}

describe.each(ENGINES)('reading instances on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  test('takes one consistent request for up to 100 ids, repeats and strangers among them', async () => {
    const own = await Promise.all(Array.from({ length: 5 }, () => bought(running.table)));
    const { table, sent } = watched(running.table);
    const ids = [...own, ...own].map(({ instanceId }) => instanceId).concat('nobody', 'INSTANCE#x');
    const found = await readInstances(table, 'demo', ids);
    expect([...found.keys()].sort()).toEqual(own.map(({ instanceId }) => instanceId).sort());
    expect(sent.map(({ name }) => name)).toEqual(['BatchGetItem']);
    expect(JSON.stringify(sent[0]?.input)).toContain('"ConsistentRead":true');
    expect(found.get(own[0]?.instanceId ?? '')).toMatchObject({ state: 'PENDING', orders: expect.any(Set) });
  });

  test('does not see the instances of another product', async () => {
    const { instanceId } = await bought(running.table);
    expect((await readInstances(running.table, 'other', [instanceId])).size).toBe(0);
  });

  test('asks again for what was left unprocessed, and gives up on a table that never answers', async () => {
    const own = await Promise.all(Array.from({ length: 4 }, () => bought(running.table)));
    const ids = own.map(({ instanceId }) => instanceId);
    /** Answers the first key of each request alone. */
    const grudging = (answers: number): Table => ({
      name: running.table.name,
      client: {
        send: async (command: { input: { RequestItems: Record<string, { Keys: unknown[] }> } }) => {
          const request = command.input.RequestItems[running.table.name];
          const now = request?.Keys.slice(0, answers) ?? [];
          const later = request?.Keys.slice(answers) ?? [];
          const answer =
            now.length === 0
              ? {}
              : await Reflect.apply(running.client.send, running.client, [
                  Object.assign(command, {
                    input: { RequestItems: { [running.table.name]: { ...request, Keys: now } } },
                  }),
                ]);
          return later.length === 0
            ? answer
            : { ...answer, UnprocessedKeys: { [running.table.name]: { ...request, Keys: later } } };
        },
      } as unknown as Table['client'],
    });
    expect((await readInstances(grudging(1), 'demo', ids)).size).toBe(4);
    const { table, sent } = watched(grudging(0));
    await expect(readInstances(table, 'demo', ids)).rejects.toThrow('unprocessed');
    expect(sent).toHaveLength(7);
  });

  test('asks for more than a hundred by the hundred, and for none not at all', async () => {
    const { instanceId } = await bought(running.table);
    const strangers = Array.from({ length: 204 }, (_, n) => `nobody-${n}`);
    const { table, sent } = watched(running.table);
    expect([...(await readInstances(table, 'demo', [...strangers, instanceId])).keys()]).toEqual([instanceId]);
    expect(sent.map(({ input }) => keysIn(input, table.name).length)).toEqual([100, 100, 5]);
    expect(await readInstances(table, 'demo', [])).toEqual(new Map());
    expect(sent).toHaveLength(3);
  });
});

describe('a read that the table leaves unprocessed', () => {
  /** Leaves all of it, and has the answer looked at before it is given. */
  function leaving(answering: () => void = () => {}) {
    const send = async (command: { input: { RequestItems: object } }) => {
      answering();
      return { UnprocessedKeys: command.input.RequestItems };
    };
    return watched({ name: 'busy', client: { send } as unknown as Table['client'] });
  }

  test('is asked for at once, and again after a pause that a signal ends', async () => {
    const abort = new AbortController();
    const { table, sent } = leaving(() => abort.abort());
    const reading = readInstances(table, 'demo', ['i'], { signal: abort.signal });
    expect(sent).toHaveLength(1);
    await expect(reading).rejects.toThrow('aborted');
    expect(sent).toHaveLength(1);
  });

  test('is at its end when an answer says nothing of what is left', async () => {
    const { table, sent } = watched({ name: 'terse', client: { send: async () => ({}) as never } });
    expect(await readInstances(table, 'demo', ['i'])).toEqual(new Map());
    expect(sent).toHaveLength(1);
  });
});
