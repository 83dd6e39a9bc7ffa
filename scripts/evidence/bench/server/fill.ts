import type pg from 'pg';

/** Rows made by one statement. */
const BATCH = 20_000;

export interface FillOptions {
  readonly table: string;
  /** Instances to make. */
  readonly count: number;
  /** Of them so many are due, for nobody carries them out. */
  readonly due: number;
  readonly say: (done: number) => void;
}

/**
 * Fills a table with images of its only row, an accepted purchase, each of an order and an instance of its own: the first
 * `due` of them as they are, the others as they are when nothing is left to do. Then cleans and counts the table, so that
 * neither happens while it is measured.
 */
export async function fill(client: pg.Client, { table, count, due, say }: FillOptions): Promise<void> {
  await client.query('SET statement_timeout = 0');
  const { rows } = await client.query(`SELECT pk, sk, item, order_key, line_key FROM "${table}".items`);
  const [row] = rows;
  if (rows.length !== 1) throw new Error(`Expected one row in the table, found ${rows.length}.`);
  const item = JSON.parse(row.item);
  const { dueShard: _shard, dueAt: _at, ...rest } = item;
  const settled = { ...rest, pending: { L: [] }, state: { S: 'ACTIVE' } };
  const values = [row.pk, row.sk, JSON.stringify(item), JSON.stringify(settled), item.instanceId.S, item.orderId.S];
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(from + BATCH, count);
    await client.query(
      `INSERT INTO "${table}".items (pk, sk, version, item, due_shard, due_at, order_key, line_key)
       SELECT replace($1, $5, id), $2, nextval('"${table}".version'),
         replace(replace(CASE WHEN n < $11 THEN $3 ELSE $4 END, $5, id), $6, ord),
         CASE WHEN n < $11 THEN n % 8 END, CASE WHEN n < $11 THEN 0 END, replace($7, $6, ord), replace($8, $6, ord)
       FROM (SELECT n, md5(n::text)::uuid::text AS id, 'CS' || md5('order ' || n) AS ord
         FROM generate_series($9::int, $10::int) AS n) AS made`,
      [...values, row.order_key, row.line_key, from, to - 1, due],
    );
    say(to);
  }
  await client.query(`VACUUM ANALYZE "${table}".items`);
  await client.query('CHECKPOINT');
}
