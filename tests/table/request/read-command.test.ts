import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { MemoryEngine } from '../../../lib/table/memory.ts';

test('a command is known by its class, whatever a bundle has made of the name', async () => {
  const name = Object.getOwnPropertyDescriptor(PutItemCommand, 'name');
  Object.defineProperty(PutItemCommand, 'name', { value: 'a', configurable: true });
  try {
    const Item = { pk: { S: 'P' }, sk: { S: 'S' } };
    expect(await new MemoryEngine().send(new PutItemCommand({ TableName: 'memory', Item }))).toEqual({});
  } finally {
    if (name !== undefined) Object.defineProperty(PutItemCommand, 'name', name);
  }
});
