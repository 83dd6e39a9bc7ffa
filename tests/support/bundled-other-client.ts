import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/** A program with another client of the SDK, as a seller's code may bring one: it tells where a call would go. */
const client = new SSMClient({
  maxAttempts: 1,
  requestHandler: {
    async handle({ hostname, headers }: { hostname: string; headers: Record<string, string> }) {
      console.log(JSON.stringify({ hostname, target: headers['x-amz-target'], scope: headers.authorization }));
      throw new Error('Not sent.');
    },
  },
});

void client.send(new GetParameterCommand({ Name: 'name' })).catch(() => undefined);
