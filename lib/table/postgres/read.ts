import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attributes } from '../expressions/paths.ts';
import { ValidationException } from '../expressions/validation.ts';
import { type Input, oneOf } from '../request/read-command.ts';
import { type Filter, readScan } from '../request/read-filter.ts';
import { readQuery } from '../request/read-query.ts';
import { keyTexts } from '../request/read-write.ts';
import type { Query } from './connections.ts';
import { escapeKey, keyValues, unescapeKey } from './keys.ts';
import type { Statements } from './statements.ts';

/** Items of a page unless the request asks for fewer; an engine may end a page whenever it likes. */
const PAGE_ITEMS = 250;

/** Columns of an index, and the type of both attributes. */
interface Columns {
  readonly partition: string;
  readonly sort: string;
  readonly type: 'N' | 'S';
}

/** Columns of an index by the name of the index's sort key. */
const COLUMNS: Readonly<Record<string, Columns>> = {
  sk: { partition: 'pk', sort: 'sk', type: 'S' },
  dueAt: { partition: 'due_shard', sort: 'due_at', type: 'N' },
  lineKey: { partition: 'order_key', sort: 'line_key', type: 'S' },
};

interface ItemRow {
  readonly item: string;
}

/** Reads one item. */
export async function getItem(query: Query, sql: Statements, input: Input): Promise<object> {
  const { rows } = await query<ItemRow>({ text: sql.select, values: keyValues(keyTexts(input.Key)) });
  const [row] = rows;
  return row === undefined ? {} : { Item: JSON.parse(row.item) };
}

/** Reads items of the table by their keys. */
export async function batchGet(query: Query, sql: Statements, name: string, keys: Input): Promise<object> {
  const { Keys = [], ConsistentRead: _, ...others } = keys.RequestItems?.[name] ?? {};
  for (const member of Object.keys(others)) oneOf(member);
  const wanted = Keys.map((key) => keyValues(keyTexts(key)));
  const { rows } = await query<ItemRow>({
    text: sql.selectMany,
    values: [wanted.map(([pk]) => pk), wanted.map(([, sk]) => sk)],
  });
  return { Responses: { [name]: rows.map(({ item }) => JSON.parse(item)) } };
}

/** Reads a page of a partition of the table or of an index, by its sort key. */
export async function queryPage(query: Query, sql: Statements, input: Input): Promise<object> {
  const { keys, isOfIndex, partition, stretch, keeps } = readQuery(input);
  const columns = COLUMNS[keys[1]];
  if (columns === undefined) throw new ValidationException(`No index has the sort key ${keys[1]} on PostgreSQL`);
  const values: (string | number)[] = [];
  const parameter = (value: AttributeValue | undefined) => `$${values.push(columnValue(value))}`;
  const where = [`${columns.partition} = ${parameter(partition)}`];
  if (stretch !== undefined) {
    const { operator, value } = stretch;
    const at = parameter(value);
    if (operator === 'begins_with') where.push(`${columns.sort} >= ${at}`, `starts_with(${columns.sort}, ${at})`);
    else where.push(`${columns.sort} ${operator} ${at}`);
  }
  const from = input.ExclusiveStartKey;
  const order = isOfIndex ? [columns.sort, 'pk', 'sk'] : ['sk'];
  if (from !== undefined) {
    const after = (isOfIndex ? [keys[1], 'pk', 'sk'] : ['sk']).map((name) => parameter(from[name]));
    where.push(`(${order.join(', ')}) > (${after.join(', ')})`);
  }
  const found = isOfIndex ? `pk, sk, ${columns.partition} AS partition, ${columns.sort} AS sort` : 'item';
  const text = `SELECT ${found} FROM ${sql.items} WHERE ${where.join(' AND ')} ORDER BY ${order.join(', ')}`;
  return pageOf(query, {
    text,
    values,
    input,
    keeps,
    read: isOfIndex ? (row) => indexKeys(row, keys, columns) : wholeItem,
  });
}

/** Reads a page of the whole table. */
export async function scanPage(query: Query, sql: Statements, input: Input): Promise<object> {
  const { keeps } = readScan(input);
  const { ExclusiveStartKey: from } = input;
  const values: (string | number)[] = from === undefined ? [] : keyValues(keyTexts(from));
  const where = from === undefined ? '' : ' WHERE (pk, sk) > ($1, $2)';
  const text = `SELECT item FROM ${sql.items}${where} ORDER BY pk, sk`;
  return pageOf(query, { text, values, input, keeps, read: wholeItem });
}

type PageRow = Readonly<Record<string, string>>;

interface Page extends Pick<Filter, 'keeps'> {
  readonly text: string;
  readonly values: readonly (string | number)[];
  readonly input: Input;
  readonly read: (row: PageRow) => Attributes;
}

async function pageOf(query: Query, { text, values, input, keeps, read }: Page): Promise<object> {
  const size = input.Limit ?? PAGE_ITEMS;
  const limited = { text: `${text} LIMIT $${values.length + 1}`, values: [...values, size + 1] };
  const { rows } = await query<PageRow>(limited);
  const found = rows.slice(0, size).map(read);
  const last = rows.length > size ? found.at(-1) : undefined;
  const Items = found.filter(keeps);
  return { Items, Count: Items.length, ...(last !== undefined && { LastEvaluatedKey: keysOf(last, input) }) };
}

function wholeItem({ item = '' }: PageRow): Attributes {
  return JSON.parse(item);
}

function indexKeys(
  { pk = '', sk = '', partition = '', sort = '' }: PageRow,
  names: readonly [string, string],
  { type }: Columns,
): Attributes {
  const attribute = (text: string): AttributeValue => (type === 'N' ? { N: text } : { S: unescapeKey(text) });
  return {
    pk: { S: unescapeKey(pk) },
    sk: { S: unescapeKey(sk) },
    [names[0]]: attribute(partition),
    [names[1]]: attribute(sort),
  };
}

function keysOf(item: Attributes, { IndexName }: Input): Attributes {
  const { pk, sk } = keyTexts(item);
  return IndexName === undefined ? { pk: { S: pk }, sk: { S: sk } } : item;
}

function columnValue(value: AttributeValue | undefined): string {
  if (value?.S !== undefined) return escapeKey(value.S);
  if (value?.N !== undefined) return value.N;
  throw new ValidationException('A key is a text or a number');
}
