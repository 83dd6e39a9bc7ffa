import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { protectTable } from '../../scripts/dev/protect-table.ts';

/** A table whose engine answers in turn; what it was asked is kept. */
function given(...answers: (object | Error)[]) {
  const asked: object[] = [];
  const send = (async (command: { input: object }) => {
    asked.push(command.input);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  }) as unknown as DynamoDBClient['send'];
  return { asked, table: { client: { send }, name: 'shop-prod' } };
}

test('protects a table that is not, and leaves one that is', async () => {
  const open = given({ Table: {} }, {});
  await protectTable(open.table);
  expect(open.asked).toEqual([{ TableName: 'shop-prod' }, { TableName: 'shop-prod', DeletionProtectionEnabled: true }]);
  const safe = given({ Table: { DeletionProtectionEnabled: true } });
  await protectTable(safe.table);
  expect(safe.asked).toHaveLength(1);
});

test('says what to run where AWS refuses', async () => {
  const refusal = Object.assign(new Error('x'), { name: 'ResourceInUseException' });
  await expect(protectTable(given({ Table: {} }, refusal).table)).rejects.toThrow(
    /not protected.*ResourceInUseException.*update-table --table-name shop-prod --deletion-protection-enabled/,
  );
});
