import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

/** A program that tells where its environment sends a call of the table, and how often, without sending it. */
async function main(): Promise<unknown> {
  const asked: object[] = [];
  const client = new DynamoDBClient({
    requestHandler: {
      async handle({
        protocol,
        hostname,
        port,
        path,
      }: {
        protocol: string;
        hostname: string;
        port?: number;
        path: string;
      }) {
        asked.push({ protocol, hostname, port, path });
        throw new Error('Not sent.');
      },
    },
  });
  await client
    .send(new GetItemCommand({ TableName: 'table', Key: {} }))
    .catch(({ message }) => asked.push({ message }));
  return { asked, maxAttempts: await client.config.maxAttempts() };
}

void main()
  .catch(({ message }: Error) => ({ message }))
  .then((result) => console.log(JSON.stringify(result)));
