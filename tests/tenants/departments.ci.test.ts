import { DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Binding, KitChangeOf, KitItem } from '../../lib/instances/kit-item.ts';
import { readItem } from '../../lib/instances/write.ts';
import type { Table } from '../../lib/table/table.ts';
import { acceptSync } from '../../lib/tenants/accept.ts';
import { acceptDepartments, keepTree } from '../../lib/tenants/accept-departments.ts';
import { kitKeys, partitionOf } from '../../lib/tenants/keys.ts';
import { type Chunk, readDepartments } from '../../lib/tenants/read-departments.ts';
import { Crash, ENGINES, pagesOf, watched } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { NOW, newBinding } from './support.ts';

const department = (orgCode: string, orgName = orgCode.toUpperCase(), parentCode = '') => ({
  orgCode,
  orgName,
  parentCode,
});

function full(table: Table, binding: Binding, sentAt: number, codes: readonly string[], name = `full-${sentAt}`) {
  const departments = codes.map((code) => department(code, name));
  return acceptDepartments(table, binding, { sentAt, departments, fingerprint: `${sentAt}`, isTest: false }, NOW);
}

function single(table: Table, binding: Binding, sentAt: number, orgCode: string, isRemoved = false) {
  const record = isRemoved ? { orgCode } : department(orgCode, `single-${sentAt}`);
  const event = isRemoved ? 'removed' : 'changed';
  const call = {
    kind: 'department',
    event,
    sentAt,
    record,
    fingerprint: JSON.stringify(record),
    isTest: false,
  } as const;
  return acceptSync(table, kitKeys.department(binding, orgCode), binding, call, NOW);
}

async function names(table: Table, binding: Binding): Promise<Record<string, string>> {
  return Object.fromEntries((await readDepartments(table, binding)).map(({ orgCode, orgName }) => [orgCode, orgName]));
}

const code = fc.constantFrom('a', 'b', 'c');
const anyCall = fc.oneof(
  fc.record({ kind: fc.constant('full' as const), codes: fc.uniqueArray(code) }),
  fc.record({ kind: fc.constant('single' as const), code, isRemoved: fc.boolean() }),
);

describe.each(ENGINES)('departments on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  test('are those of the newest full tree, and over it each newer single change, in whatever order the calls arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCall, { minLength: 1, maxLength: 8 }).chain((calls) => {
          const timed = calls.map((call, index) => ({ ...call, sentAt: index + 1 }));
          return fc.tuple(
            fc.constant(timed),
            fc.shuffledSubarray([...timed, ...timed], { minLength: timed.length * 2 }),
          );
        }),
        async ([calls, arriving]) => {
          const expected = new Map<string, string>();
          for (const call of calls) {
            if (call.kind === 'full') {
              expected.clear();
              for (const one of call.codes) expected.set(one, `full-${call.sentAt}`);
            } else if (call.isRemoved) expected.delete(call.code);
            else expected.set(call.code, `single-${call.sentAt}`);
          }
          const binding = newBinding();
          for (const call of arriving) {
            if (call.kind === 'full') await full(running.table, binding, call.sentAt, call.codes);
            else await single(running.table, binding, call.sentAt, call.code, call.isRemoved);
          }
          expect(await names(running.table, binding)).toEqual(Object.fromEntries(expected));
        },
      ),
      { numRuns: 20 },
    );
  });

  test('are never seen half: at every moment of an exchange there is one whole tree or the other', async () => {
    const binding = newBinding();
    const codes = Array.from({ length: 3_000 }, (_, n) => `department-${n}`); // several items
    await full(running.table, binding, 1, codes, 'old '.repeat(10));
    const seen = new Set<string>();
    const { client, name } = running.table;
    const between: Table = {
      name,
      client: {
        // Looks at the tree before and after each request of the exchange; the type of `send` is the client's own.
        send: (async (...args: unknown[]) => {
          await look();
          const answer = await Reflect.apply(client.send, client, args);
          await look();
          return answer;
        }) as Table['client']['send'],
      },
    };
    async function look(): Promise<void> {
      const tree = await readDepartments(running.table, binding);
      seen.add(`${tree.length} ${[...new Set(tree.map(({ orgName }) => orgName))].join()}`);
    }
    await full(between, binding, 2, codes.slice(0, 2_000), 'new '.repeat(10));
    expect([...seen].sort()).toEqual([`2000 ${'new '.repeat(10)}`, `3000 ${'old '.repeat(10)}`].sort());
  });

  test('that are read while they are exchanged and changed have been the whole tree at some moment', async () => {
    for (const at of [1, 2, 3]) {
      const binding = newBinding();
      await full(running.table, binding, 1, ['a', 'b']);
      let requests = 0;
      const { client, name } = running.table;
      const slow: Table = {
        name,
        client: {
          send: (async (...args: unknown[]) => {
            requests += 1;
            if (requests === at) {
              await full(running.table, binding, 2, ['c']);
              await single(running.table, binding, 3, 'd');
            }
            return Reflect.apply(client.send, client, args);
          }) as Table['client']['send'],
        },
      };
      const tree = Object.keys(await names(slow, binding))
        .sort()
        .join();
      expect(['a,b', 'c', 'c,d']).toContain(tree);
    }
  });

  test('stay as they were when the process dies on the way, and the repeat brings the new tree', async () => {
    for (const at of [1, 2, 3]) {
      const binding = newBinding();
      await full(running.table, binding, 1, ['a', 'b']);
      const { table } = watched(running.table, { kind: 'dies before', at });
      await expect(full(table, binding, 2, ['c'])).rejects.toThrow(Crash);
      expect(Object.keys(await names(running.table, binding)).sort()).toEqual(['a', 'b']);
      await full(running.table, binding, 2, ['c']);
      expect(await names(running.table, binding)).toEqual({ c: 'full-2' });
    }
  });

  test('are kept, whichever answer is lost on the way, and however often the call comes at once', async () => {
    for (const at of [1, 2, 3, 4]) {
      const binding = newBinding();
      await full(running.table, binding, 1, ['a']);
      const { table } = watched(running.table, { kind: 'answer lost', at });
      await full(table, binding, 2, ['b']);
      expect(await lasting(binding)).toEqual(['b']);
    }
    const binding = newBinding();
    await Promise.all([1, 1, 1, 1].map((sentAt) => full(running.table, binding, sentAt, ['c'])));
    expect(await lasting(binding)).toEqual(['c']);
  });

  /** Departments of the trees that have no end once the pointer's change has been carried out. */
  async function lasting(binding: Binding): Promise<string[]> {
    const { client, name } = running.table;
    const pointer = await readItem<KitItem>(running.table, kitKeys.departments(binding));
    await keepTree(running.table, binding, pointer as Pick<KitChangeOf<'departments'>, 'version' | 'record'>);
    const query = {
      TableName: name,
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :sk)',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      ExpressionAttributeValues: marshall({ ':pk': partitionOf(binding), ':sk': 'i-1#ORGS#' }),
    };
    const { Items = [] } = await client.send(new QueryCommand(query));
    return Items.map((item) => unmarshall(item) as Chunk)
      .filter(({ ttl }) => ttl === undefined)
      .flatMap(({ departments }) => JSON.parse(departments).map(({ orgCode }: { orgCode: string }) => orgCode));
  }

  test('are all read, however few of them the engine gives at a time', async () => {
    const binding = newBinding();
    await full(running.table, binding, 1, ['a']);
    for (const [index, orgCode] of ['b', 'c', 'd'].entries()) await single(running.table, binding, index + 2, orgCode);
    const tree = await names(pagesOf(1, running.table), binding);
    expect(tree).toEqual({ a: 'full-1', b: 'single-2', c: 'single-3', d: 'single-4' });
  });

  test('are read without a part of the tree that has expired since the tree was looked up', async () => {
    const binding = newBinding();
    await full(running.table, binding, 1, ['a']);
    await single(running.table, binding, 2, 'b');
    const { version } = (await readItem<KitItem>(running.table, kitKeys.departments(binding))) ?? { version: '' };
    const { pk, sk } = kitKeys.chunk(binding, version, 0);
    await running.client.send(new DeleteItemCommand({ TableName: running.table.name, Key: marshall({ pk, sk }) }));
    expect(await names(running.table, binding)).toEqual({ b: 'single-2' });
  });

  test('can all go: an empty tree is one too', async () => {
    const binding = newBinding();
    await full(running.table, binding, 1, ['a']);
    await full(running.table, binding, 2, []);
    expect(await readDepartments(running.table, binding)).toEqual([]);
  });

  test('of a tenant that nobody has sent are none', async () => {
    expect(await readDepartments(running.table, newBinding(''))).toEqual([]);
  });

  test('of two trees sent side by side, the newer stays, whichever is done first', async () => {
    const binding = newBinding();
    await Promise.all([3, 1, 4, 2].map((sentAt) => full(running.table, binding, sentAt, [`d${sentAt}`])));
    expect(await names(running.table, binding)).toEqual({ d4: 'full-4' });
  });
});
