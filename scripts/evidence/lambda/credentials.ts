import { randomBytes } from 'node:crypto';
import type { Credentials } from './signature.ts';

/** Makes credentials for a role, as Lambda does, and adds them to those that are known. */
export function issueCredentials(role: string, known: Map<string, Credentials>): Credentials {
  const credentials = {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(240).toString('base64'),
    role,
  };
  known.set(credentials.accessKeyId, credentials);
  return credentials;
}

/** Variables that hand credentials and the place of the services to a program of the SDK. */
export function variablesOf({ accessKeyId, secretAccessKey, sessionToken }: Credentials, url: string, region: string) {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_SSM: url,
  };
}
