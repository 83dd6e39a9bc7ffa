import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import {
  MIGRATIONS,
  type Migration,
  migrate,
  readVersion,
  SCHEMA_VERSION,
} from '../../../lib/table/postgres/schema.ts';
import { newTable, sharedPostgres } from '../../support/postgres.ts';

const put = (name: string, sk: string) =>
  new PutItemCommand({ TableName: name, Item: { pk: { S: 'p' }, sk: { S: sk } } });

/** Steps of versions to come: the first adds a column, the second takes for granted that all code knows it. */
const expand: Migration = {
  version: SCHEMA_VERSION + 1,
  oldest: SCHEMA_VERSION,
  statements: (schema) => [`ALTER TABLE ${schema}.items ADD COLUMN more text`],
};
const contract: Migration = {
  version: SCHEMA_VERSION + 2,
  oldest: SCHEMA_VERSION + 1,
  statements: (schema) => [`ALTER TABLE ${schema}.items DROP COLUMN due_at`],
};

test('a server of before runs on a schema that has been expanded, and refuses one that has been contracted', async () => {
  const table = await newTable(await sharedPostgres());
  const to = (...steps: readonly Migration[]) =>
    table.connections.lend((query) => migrate(query, table.name, { migrations: [...MIGRATIONS, ...steps] }));
  expect(await to(expand)).toEqual([expand.version]);
  await table.check();
  await table.client.send(put(table.name, 'a'));
  expect(await to(expand, contract)).toEqual([contract.version]);
  await expect(table.check()).rejects.toMatchObject({ name: 'TableUnfit' });
  expect(await to(expand, contract)).toEqual([]);
  await table.close();
});

test('a migration that fails leaves the schema as it was', async () => {
  const table = await newTable(await sharedPostgres());
  const broken: Migration = { ...expand, statements: (schema) => [...expand.statements(schema), 'SELECT nonsense'] };
  const failing = table.connections.lend((query) =>
    migrate(query, table.name, { migrations: [...MIGRATIONS, broken] }),
  );
  await expect(failing).rejects.toMatchObject({ name: 'TableUnavailable' });
  expect(await table.connections.lend((query) => readVersion(query, table.name))).toEqual({
    version: SCHEMA_VERSION,
    oldest: MIGRATIONS.at(-1)?.oldest,
  });
  await table.client.send(put(table.name, 'a'));
  await table.close();
});
