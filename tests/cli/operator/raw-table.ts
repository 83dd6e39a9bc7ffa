import { type AttributeValue, type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

/* A reading of the table that knows nothing of KooGate's code: items as the engine keeps them. */

/** An item with the engine's own types. */
export type Raw = Readonly<Record<string, AttributeValue>>;

/** Gives a text of an item. */
export const text = (item: Raw | undefined, name: string) => item?.[name]?.S;

/** Gives a number of an item; NaN if it has none. */
export const number = (item: Raw | undefined, name: string) => Number(item?.[name]?.N);

/** Opens a table for reading, and for tampering with it. */
export function rawTable(client: DynamoDBClient, TableName: string) {
  const all = async (): Promise<Raw[]> => {
    const found: Raw[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page: { Items?: Raw[] | undefined; LastEvaluatedKey?: Record<string, AttributeValue> | undefined } =
        await client.send(new ScanCommand({ TableName, ...(from && { ExclusiveStartKey: from }) }));
      found.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found;
  };
  const instances = async () => (await all()).filter((item) => text(item, 'sk') === 'INSTANCE');
  return {
    all,
    instances,
    ofOrder: async (order: string) => (await instances()).find((item) => text(item, 'orderId') === order),
    put: async (Item: Raw) => void (await client.send(new PutItemCommand({ TableName, Item: { ...Item } }))),
  };
}
