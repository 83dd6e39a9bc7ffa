import { encryptTypeOf, schemeFor } from '../config/credential-scheme.ts';
import type { Log } from '../log.ts';
import { encryptOaep, importPublicKey } from '../protocol/oaep.ts';
import { encryptText } from '../protocol/v1/cipher.ts';
import type { ProductSecrets } from '../secrets/secrets.ts';
import type { Access } from '../seller/contract.ts';
import { once } from './once.ts';
import { type Answer, isAnswer, type RouteMiddleware } from './route.ts';

/** Makes the cipher text of a user name or password. */
type Close = (text: string) => string;

/**
 * Encrypts user name and password of every `appInfo` by the scheme of the product and the call's family; `plain` leaves
 * them as they are. An instance among others whose texts cannot be encrypted is left out of the answer.
 */
export function encryptCredentials({ log }: { readonly log: Log }): RouteMiddleware {
  const keyOf = once(({ credentialsKey }: ProductSecrets) => credentialsKey && importPublicKey(credentialsKey));
  return {
    after: (request) => {
      const answer = request.response;
      const { product, secrets, call } = request.internal;
      if (!isAnswer(answer) || product === undefined || !hasAccess(answer)) return;
      const credentials = schemeFor(product, call?.family ?? 'saas-v2');
      if (credentials.scheme === 'plain') return;
      const faulty = (instanceId: string, error: unknown) => {
        log.error('The credentials of an instance cannot be encrypted; it is left out.', error, {
          product: product.id,
          instanceId,
        });
        log.metric('FaultyInstance', 1);
      };
      if (credentials.scheme === 'rsa-oaep') {
        const key = secrets && keyOf(secrets);
        if (!key) {
          throw new Error(`Product "${product.id}" encrypts credentials with rsa-oaep but has no public key set.`);
        }
        const close = (text: string) => encryptOaep(key, text, credentials.hash, credentials.mgf1Hash);
        request.response = encrypted(answer, close, faulty);
        return;
      }
      const encryptType = encryptTypeOf(product);
      const accessKey = call?.accessKey;
      if (accessKey === undefined) throw new Error('There are credentials to encrypt, but no key has verified a call.');
      const close = (text: string) => encryptText(accessKey, text, encryptType);
      request.response = { ...encrypted(answer, close, faulty), encryptType };
    },
  };
}

function hasAccess({ appInfo, info }: Answer): boolean {
  return appInfo !== undefined || info?.some((one) => one.appInfo !== undefined) === true;
}

/** @throws whatever encrypting throws, if no instance is left */
function encrypted(answer: Answer, close: Close, faulty: (instanceId: string, error: unknown) => void): Answer {
  const { appInfo, info } = answer;
  const own = appInfo === undefined ? {} : { appInfo: closed(appInfo, close) };
  if (info === undefined) return { ...answer, ...own };
  const failures: unknown[] = [];
  const shown = info.flatMap((one) => {
    if (one.appInfo === undefined) return [one];
    try {
      return [{ ...one, appInfo: closed(one.appInfo, close) }];
    } catch (error) {
      failures.push(error);
      faulty(one.instanceId, error);
      return [];
    }
  });
  if (shown.length === 0 && failures.length > 0) throw failures[0];
  return { ...answer, ...own, info: shown };
}

function closed(access: Access, close: Close): Access {
  return {
    ...access,
    ...(access.userName === undefined ? {} : { userName: close(access.userName) }),
    ...(access.password === undefined ? {} : { password: close(access.password) }),
  };
}
