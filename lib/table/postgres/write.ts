import type { Attributes } from '../expressions/paths.ts';
import { ValidationException } from '../expressions/validation.ts';
import type { Write } from '../request/read-write.ts';
import type { Query } from './connections.ts';
import { LOST_RACE, TableUnavailable, TOO_LONG, troubleOf } from './errors.ts';
import { keyValues } from './keys.ts';
import { BEGIN, columnsOf, type Row, type Statements } from './statements.ts';

/*
 * A write is judged by the same evaluator as in memory, so it is read, evaluated, and written under "still the version
 * that was judged". What may be written where nothing is costs one round trip, as does finding that it may not; a change
 * costs two. Whoever loses a race once takes the row's lock, and loses no more.
 */

/** Other writers that may take an item away, and bring it back, while one writer asks for its lock. */
const LOCK_TRIES = 20;

/** Carries out a write. @returns the item as it is now @throws the write's refusal */
export async function carryOut(query: Query, sql: Statements, write: Write): Promise<Attributes | undefined> {
  try {
    const outcome = await attempt(query, sql, write);
    return outcome === 'lost' ? await underLock(query, sql, write) : outcome.after;
  } catch (error) {
    if (troubleOf(error).code === TOO_LONG) throw new ValidationException('The key is longer than the index takes');
    throw error;
  }
}

interface Done {
  readonly after: Attributes | undefined;
}

async function attempt(query: Query, sql: Statements, write: Write): Promise<Done | 'lost'> {
  const key = keyValues(write.key);
  const fresh = freshItem(write);
  try {
    const { rows } =
      fresh === undefined
        ? await query<Row>({ text: sql.select, values: key })
        : await query<Row | Made>({ text: sql.insertOrSelect, values: [...key, ...columnsOf(fresh)], commits: true });
    const [row] = rows;
    if (fresh !== undefined && row === undefined) return 'lost';
    if (row?.item === null) return { after: fresh };
    const after = judge(write, row);
    if (row === undefined) return after === undefined ? { after } : 'lost';
    const { rowCount } = await query(change(sql, key, row, after));
    return rowCount === 1 ? { after } : 'lost';
  } catch (error) {
    if (LOST_RACE.has(troubleOf(error).code)) return 'lost';
    throw error;
  }
}

interface Made {
  readonly item: null;
  readonly version: string;
}

/** The item that the write makes where nothing is; undefined if it makes none, or cannot say without one. */
function freshItem(write: Write): Attributes | undefined {
  try {
    return write.holds(undefined) ? write.change(undefined) : undefined;
  } catch (error) {
    if (error instanceof ValidationException) return undefined; // the item itself decides
    throw error;
  }
}

function judge(write: Write, row: Row | undefined): Attributes | undefined {
  const before = row && (JSON.parse(row.item) as Attributes);
  if (!write.holds(before)) throw write.refusal(before);
  return write.change(before);
}

function change(sql: Statements, key: readonly string[], { version }: Row, after: Attributes | undefined) {
  return after === undefined
    ? { text: sql.delete, values: [...key, version], commits: true }
    : { text: sql.update, values: [...key, ...columnsOf(after), version], commits: true };
}

async function underLock(query: Query, sql: Statements, write: Write): Promise<Attributes | undefined> {
  for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
    const outcome = await transaction(query, () => lockedWrite(query, sql, write));
    if (outcome !== 'lost') return outcome.after;
  }
  throw new TableUnavailable('The item was taken away and brought back under every try.');
}

async function lockedWrite(query: Query, sql: Statements, write: Write): Promise<Done | 'lost'> {
  const key = keyValues(write.key);
  const { rows } = await query<Row>({ text: sql.lock, values: key });
  const [row] = rows;
  const after = judge(write, row);
  if (row !== undefined) await query({ ...change(sql, key, row, after), commits: false });
  else if (after !== undefined) {
    const { rowCount } = await query({ text: sql.insert, values: [...key, ...columnsOf(after)] });
    if (rowCount !== 1) return 'lost';
  }
  return { after };
}

/** Runs statements on one row in a transaction. @throws whatever they throw, after nothing has been written */
export async function transaction<Result>(query: Query, use: () => Promise<Result>): Promise<Result> {
  await query({ text: BEGIN });
  let result: Result;
  try {
    result = await use();
  } catch (error) {
    await query({ text: 'ROLLBACK' }).catch(() => {}); // the connection is not idle then, and is destroyed
    throw error;
  }
  const { command } = await query({ text: 'COMMIT', commits: true });
  if (command === 'COMMIT') return result;
  throw new TableUnavailable('The database rolled a write back instead of committing it.');
}
