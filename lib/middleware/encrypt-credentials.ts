import { encryptTypeOf } from '../config/credential-scheme.ts';
import { encryptOaep, importPublicKey } from '../protocol/oaep.ts';
import { encryptText } from '../protocol/v1/cipher.ts';
import type { ProductSecrets } from '../secrets/secrets.ts';
import type { Access } from '../seller/contract.ts';
import { once } from './once.ts';
import { type Answer, isAnswer, type RouteMiddleware } from './route.ts';

/** Makes the cipher text of a user name or password. */
type Close = (text: string) => string;

/** Encrypts user name and password of every `appInfo` by the product's scheme; `plain` leaves them as they are. */
export function encryptCredentials(): RouteMiddleware {
  const keyOf = once(({ credentialsKey }: ProductSecrets) => credentialsKey && importPublicKey(credentialsKey));
  return {
    after: (request) => {
      const answer = request.response;
      const { product, secrets } = request.internal;
      if (!isAnswer(answer) || product === undefined || product.credentials.scheme === 'plain' || !hasAccess(answer))
        return;
      const { credentials } = product;
      if (credentials.scheme === 'rsa-oaep') {
        const key = secrets && keyOf(secrets);
        if (!key) {
          throw new Error(`Product "${product.id}" encrypts credentials with rsa-oaep but has no public key set.`);
        }
        request.response = encrypted(answer, (text) => encryptOaep(key, text, credentials.hash, credentials.mgf1Hash));
        return;
      }
      const encryptType = encryptTypeOf(credentials);
      const accessKey = request.internal.call?.accessKey;
      if (accessKey === undefined) throw new Error('There are credentials to encrypt, but no key has verified a call.');
      request.response = {
        ...encrypted(answer, (text) => encryptText(accessKey, text, encryptType)),
        encryptType,
      };
    },
  };
}

function hasAccess({ appInfo, info }: Answer): boolean {
  return appInfo !== undefined || info?.some((one) => one.appInfo !== undefined) === true;
}

function encrypted(answer: Answer, close: Close): Answer {
  const { appInfo, info } = answer;
  return {
    ...answer,
    ...(appInfo === undefined ? {} : { appInfo: closed(appInfo, close) }),
    ...(info === undefined
      ? {}
      : {
          info: info.map((one) => (one.appInfo === undefined ? one : { ...one, appInfo: closed(one.appInfo, close) })),
        }),
  };
}

function closed(access: Access, close: Close): Access {
  return {
    ...access,
    ...(access.userName === undefined ? {} : { userName: close(access.userName) }),
    ...(access.password === undefined ? {} : { password: close(access.password) }),
  };
}
