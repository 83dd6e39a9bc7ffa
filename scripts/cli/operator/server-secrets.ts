import { csmsSource } from '../../../lib/secrets/csms.ts';
import { secretsFromEnvironment } from '../../../lib/secrets/environment.ts';
import type { Secrets } from '../../../lib/secrets/secrets.ts';
import type { Settings } from '../../dev/local/settings.ts';
import type { Terminal } from '../terminal/terminal.ts';

/**
 * Opens the secrets of an installation on a server: those of the Cloud Secret Management Service where `csms://…` is named,
 * signed with the keys of the environment, else those of the secrets file.
 * @param named place given on the command line; by default KOOGATE_SECRETS is heard
 */
export function serverSecrets(settings: Settings, { env, note }: Terminal, named?: string): Secrets {
  const place = [named, env.KOOGATE_SECRETS].find((text) => text?.startsWith('csms://'));
  const { HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_SECURITY_TOKEN } = env;
  const keys = { HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_SECURITY_TOKEN };
  const from = { ...keys, KOOGATE_SECRETS: place ?? settings.secretsFile };
  return secretsFromEnvironment(from, Date.now, (text) => note(text), { csms: csmsSource });
}
