/** Credentials in the SDK's form. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Takes the place of `@aws-sdk/credential-provider-node` in the bundles, for every client of the SDK in them. Lambda and
 * the local run both hand credentials over in the environment, so the rest of the SDK's chain (profiles, SSO, STS,
 * instance metadata) is left out; a client that needs other credentials is given them by its `credentials` setting. What is
 * found holds as long as the process, as with the SDK's own.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function defaultProvider(): () => Promise<Credentials> {
  let known: Credentials | undefined;
  return async () => {
    known ??= readEnvironment();
    return known;
  };
}

function readEnvironment(): Credentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: the functions take no others.');
  }
  return { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}) };
}
