import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Notes } from '../seller/contract.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { type Key, keys } from './keys.ts';
import { putIf, readItem } from './write.ts';

/** Characters a value has at most, as JSON. */
const LONGEST_VALUE = 100_000;

interface NoteItem extends Key {
  /** JSON, so that a note comes back as it was given, whatever the table makes of numbers and empty sets. */
  readonly value: string;
  /** Of the write that made it: tells our own write, repeated by the SDK, from a rival's. */
  readonly token: string;
}

/** The seller's own items below a product; see the contract. */
export function createNotes(table: Table, product: string, newToken: () => string = randomUUID): Notes {
  const note = (key: string, value: unknown): NewItem<NoteItem> => ({
    ...keys.notes(product, key),
    type: ITEM_TYPE.note,
    value: toText(value),
    token: newToken(),
  });
  return {
    get: async (key) => {
      const item = await readItem<NoteItem>(table, keys.notes(product, key));
      return item && JSON.parse(item.value);
    },
    put: async (key, value) => {
      await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(note(key, value)) }));
    },
    create: async (key, value) => {
      const mine = note(key, value);
      const rule = { condition: 'attribute_not_exists(#pk)', values: {} };
      const { done, item } = await putIf<NoteItem>(table, mine, rule);
      return done || item?.token === mine.token;
    },
    delete: async (key) => {
      await table.client.send(
        new DeleteItemCommand({ TableName: table.name, Key: marshall(keys.notes(product, key)) }),
      );
    },
  };
}

function toText(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError('A note holds JSON: undefined and functions cannot be kept.');
  if (text.length > LONGEST_VALUE) throw new RangeError(`A note holds at most ${LONGEST_VALUE} characters of JSON.`);
  return text;
}
