import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/**
 * A program with another client of the SDK, as a seller's code may bring one: it prints where a call would go and who
 * signed it. `GIVEN_KEY` puts credentials of its own in the place of the default ones.
 */
const { GIVEN_KEY } = process.env;
const client = new SSMClient({
  maxAttempts: 1,
  ...(GIVEN_KEY ? { credentials: { accessKeyId: GIVEN_KEY, secretAccessKey: 'secret' } } : {}),
  requestHandler: {
    async handle({ hostname, headers }: { hostname: string; headers: Record<string, string> }) {
      const { 'x-amz-target': target, 'x-amz-security-token': sessionToken, authorization } = headers;
      console.log(JSON.stringify({ hostname, target, sessionToken, authorization }));
      throw new Error('Not sent.');
    },
  },
});

void client.send(new GetParameterCommand({ Name: 'name' })).catch(() => undefined);
