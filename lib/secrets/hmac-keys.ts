import { type HmacKeys, type Secrets, SecretsUnavailable } from './secrets.ts';

/** Reads the keys for the history and for pseudonyms; undefined where an installation of before has none. @throws SecretsUnavailable */
export async function hmacKeysOf(secrets: Pick<Secrets, 'hmac'>): Promise<HmacKeys | undefined> {
  try {
    return await secrets.hmac();
  } catch (error) {
    if (error instanceof SecretsUnavailable && error.reason === 'gone') return undefined;
    throw error;
  }
}
