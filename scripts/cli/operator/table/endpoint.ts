import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/**
 * Makes a client for an engine with DynamoDB's interface. User and password (GeminiDB) are AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY; engines on loopback check none, and get some text.
 * @throws Problem unless the address is an http or https URL without user, path and query
 */
export function clientAt(address: string, env: Terminal['env']): DynamoDBClient {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isRight = url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/';
  if (!isRight || url.username !== '' || url.search !== '') throw new Problem('problem.endpoint', { given: address });
  const { AWS_ACCESS_KEY_ID: user, AWS_SECRET_ACCESS_KEY: password, AWS_SESSION_TOKEN: token, AWS_REGION } = env;
  return new DynamoDBClient({
    endpoint: url.origin,
    region: AWS_REGION || 'us-east-1',
    credentials: {
      accessKeyId: user || 'local',
      secretAccessKey: password || 'local',
      ...(token && { sessionToken: token }),
    },
    maxAttempts: 4,
    logger: {} as never, // the SDK's own silent one renders every request
  });
}
