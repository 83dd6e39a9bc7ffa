import { hash } from 'node:crypto';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Bench, type Item, same } from './bench.ts';
import { type Probe, probe } from './probe.ts';

/** Bytes of the longest partition key and of the longest sort key; DynamoDB takes 2048 and 1024. */
const KEY_BYTES = { pk: 1600, sk: 1000 } as const;
/** Bytes of an item: a little less than the 400 KB that DynamoDB takes. */
const ITEM_BYTES = 398_000;
/** Bytes of an attribute's name inside an item that DynamoDB takes for one that is no key. */
const NAME_BYTES = 255;

/** Texts that engines are known to change; sorted by their bytes in UTF-8. */
const TEXTS = [
  '',
  '\u0000',
  '\u0000a',
  '\u001f',
  ' ',
  '"\\',
  'A',
  'Z',
  'a',
  'a\u0000b',
  'a ',
  'e\u0301',
  'é',
  '云商店',
  '\uffff',
  '😀',
];

async function kept(bench: Bench, what: string, values: Item): Promise<void> {
  const item = { ...bench.key(), ...values };
  await bench.put(item);
  same(what, await bench.get(item), item);
}

/** A text of so many bytes in which nothing repeats, so that no engine can store it in fewer. */
function longText(start: string, bytes: number): string {
  let text = start;
  for (let part = start; text.length < bytes; text += part) part = hash('sha512', part, 'base64url');
  return text.slice(0, bytes);
}

/** Rules about what items may hold: nothing is cut, changed or rounded. */
export const VALUES: readonly Probe[] = [
  probe('text', async (bench) => {
    for (const text of TEXTS) await kept(bench, `text ${JSON.stringify(text)}`, { text, list: [text], map: { text } });
    const key = bench.key();
    for (const text of TEXTS) await bench.put({ pk: key.pk, sk: `k${text}`, text });
    const { Items = [] } = await bench.query('#pk = :pk AND begins_with(#sk, :k)', { values: { pk: key.pk, k: 'k' } });
    same(
      'order of sort keys',
      Items.map((item) => unmarshall(item).text),
      TEXTS,
    );
    for (const text of TEXTS)
      same(`key ${JSON.stringify(text)}`, (await bench.get({ pk: key.pk, sk: `k${text}` }))?.text, text);
  }),
  probe('empty-values', (bench) =>
    kept(bench, 'empty values', { text: '', list: [], map: {}, deep: { list: [''], nothing: null } }),
  ),
  probe('numbers', async (bench) => {
    const numbers = [
      0,
      -1,
      0.1,
      123_456.789,
      1e-7,
      1_700_000_000_000,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
    ];
    await kept(bench, 'numbers', { numbers, deep: { largest: Number.MAX_SAFE_INTEGER } });
    const key = bench.key();
    await bench.put({ ...key, largest: Number.MAX_SAFE_INTEGER - 1 });
    const rule = { condition: '#largest < :v', values: { v: Number.MAX_SAFE_INTEGER, one: 1 } };
    const { done, item } = await bench.update(key, 'SET #largest = #largest + :one', rule);
    same('2⁵³ − 2 < 2⁵³ − 1, and the next number', [done, item?.largest], [true, Number.MAX_SAFE_INTEGER]);
    same('2⁵³ − 1 < 2⁵³ − 1', (await bench.update(key, 'SET #largest = :one', rule)).done, false);
  }),
  probe('key-length', async (bench) => {
    const { pk } = bench.key();
    const longest = { pk: longText(pk, KEY_BYTES.pk), sk: longText('S', KEY_BYTES.sk - 1).concat('x') };
    const neighbour = { ...longest, sk: `${longest.sk.slice(0, -1)}y` };
    await bench.put({ ...longest, text: 'longest' });
    await bench.put({ ...neighbour, text: 'neighbour' }, { condition: 'attribute_not_exists(#pk)' });
    same(`key of ${KEY_BYTES.pk} and ${KEY_BYTES.sk} bytes`, (await bench.get(longest))?.text, 'longest');
    same('key that differs in its last byte', (await bench.get(neighbour))?.text, 'neighbour');
  }),
  probe('attribute-name', async (bench) => {
    const name = 'n'.repeat(NAME_BYTES);
    await kept(bench, `a name of ${NAME_BYTES} bytes`, { [name]: 1, map: { [name]: 2, 'a#b.c[0] 云': 3 } });
  }),
  probe('item-size', async (bench) => {
    const key = bench.key();
    const body = '0123456789'.repeat(ITEM_BYTES / 10);
    await bench.put({ ...key, body });
    const rule = { condition: 'attribute_exists(#body)', values: { one: 1 } };
    const { item } = await bench.update(key, 'SET #touched = :one', rule);
    same('length of a text after an update', String(item?.body).length, body.length);
    same('the same text, read afterwards', (await bench.get(key))?.body === body, true);
  }),
];
