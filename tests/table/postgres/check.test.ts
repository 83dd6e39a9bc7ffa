import { describe, expect, test } from '@jest/globals';
import { checkDatabase } from '../../../lib/table/postgres/check.ts';
import type { Query } from '../../../lib/table/postgres/connections.ts';

const GOOD = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  synchronous_standby_names: '',
  standbys: 0,
  encoding: 'UTF8',
  lock_timeout: '1s',
};

/** A database that says so of itself. */
function saying(facts: object = {}, stored: object | null = { version: 2, oldest: 1 }): Query {
  return (async ({ text }: { text: string }) => {
    if (text.includes('to_regclass')) return { rows: [{ found: stored === null ? null : 'there' }] };
    return { rows: [text.includes('current_setting') ? { ...GOOD, ...facts } : stored] };
  }) as unknown as Query;
}

describe('a table is refused', () => {
  test.each<[string, Query, RegExp]>([
    ['that is not there', saying({}, null), /no table "shop": make it with "koogate table create"/],
    [
      'of an older schema',
      saying({}, { version: 0, oldest: 0 }),
      /schema version 0.*needs 2: run "koogate table migrate"/,
    ],
    [
      'of a schema that this code is too old for',
      saying({}, { version: 9, oldest: 8 }),
      /needs a KooGate for version 8/,
    ],
    ['that may lose a write by fsync', saying({ fsync: 'off' }), /fsync = off/],
    ['that may tear a page', saying({ full_page_writes: 'off' }), /full_page_writes = off/],
    ['that answers before it has written', saying({ synchronous_commit: 'off' }), /synchronous_commit = off/],
    ['in another encoding', saying({ encoding: 'SQL_ASCII' }), /encoded in SQL_ASCII/],
  ])('%s', async (_, database, sentence) => {
    await expect(checkDatabase(database, 'shop')).rejects.toMatchObject({
      name: 'TableUnfit',
      message: expect.stringMatching(sentence),
    });
  });
});

describe('a table is taken', () => {
  test('that is as it should be, without a word', async () => {
    expect(await checkDatabase(saying(), 'shop')).toEqual([]);
  });

  test('that the next version has expanded already', async () => {
    expect(await checkDatabase(saying({}, { version: 3, oldest: 2 }), 'shop')).toEqual([]);
  });

  test.each([
    ['a standby that is not synchronous', { standbys: 1 }, 'not synchronous'],
    [
      'a standby that nobody waits for',
      { standbys: 1, synchronous_standby_names: '*', synchronous_commit: 'local' },
      'not synchronous',
    ],
    ['a user without a limit to waiting', { lock_timeout: '0' }, 'no lock_timeout'],
  ])('with a warning of %s', async (_, facts, words) => {
    const warnings = await checkDatabase(saying(facts), 'shop');
    expect(warnings).toEqual([expect.stringContaining(words)]);
  });

  test('with a synchronous standby, without a word', async () => {
    expect(await checkDatabase(saying({ standbys: 1, synchronous_standby_names: '*' }), 'shop')).toEqual([]);
  });
});
