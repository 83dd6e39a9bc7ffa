import { DescribeTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../lib/table/table.ts';
import { Problem } from './problem.ts';

/**
 * Protects the table from deletion, once it is deployed. In the template the protection would also hold against
 * CloudFormation itself, and the empty table of a first deployment that fails would stay and block the next one.
 * @throws Problem that says what to run, if AWS refuses
 */
export async function protectTable({ client, name }: Table): Promise<void> {
  try {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (found?.DeletionProtectionEnabled === true) return;
    await client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: true }));
  } catch (error) {
    throw new Problem(
      `The system is deployed, but its table is not protected from deletion (${error instanceof Error ? error.name : error}): ` +
        `deploy once more, or run "aws dynamodb update-table --table-name ${name} --deletion-protection-enabled".`,
    );
  }
}
