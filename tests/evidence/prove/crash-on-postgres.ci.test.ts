import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseKilledOnce, serverKilledOnce } from '../../../scripts/evidence/prove/crash/crash-on-postgres.ts';
import { type MortalDatabase, startMortalDatabase } from '../../../scripts/evidence/prove/crash/database.ts';

// Every moment is tried by npm run prove; here a few, with a statement on its way or just answered.

let database: MortalDatabase;
beforeAll(async () => {
  database = await startMortalDatabase();
});
afterAll(() => database.stop());

test.each([
  [1, 'living', /^while WITH$/],
  [53, 'released', /^while COMMIT$/],
] as const)(
  'a server killed at its moment %i leaves nothing undone and nothing done twice',
  async (at, life, where) => {
    const { died, wrong } = await serverKilledOnce(database, at, life);
    expect(wrong).toBeUndefined();
    expect(died).toMatch(where);
  },
);

test.each([
  [2, 'living', /^after WITH$/],
  [53, 'released', /^while COMMIT$/],
  [54, 'released', /^after COMMIT$/],
] as const)(
  'a database killed at moment %i of a server has lost nothing that was answered',
  async (at, life, where) => {
    const { died, wrong } = await databaseKilledOnce(database, at, life);
    expect(wrong).toBeUndefined();
    expect(died).toMatch(where);
  },
);

test('a server that nobody kills ends by itself, with all done', async () => {
  expect(await serverKilledOnce(database, 1_000, 'living')).toEqual({ died: undefined, wrong: undefined });
});

test('a database that answers before its log is written is found out', async () => {
  const careless = await startMortalDatabase({ synchronous_commit: 'off', wal_writer_delay: '10s' });
  try {
    const fault = await databaseKilledOnce(careless, 23, 'living').then(
      ({ wrong }) => wrong,
      (error) => error, // the table itself is gone
    );
    expect(fault).toBeDefined();
  } finally {
    await careless.stop();
  }
});
