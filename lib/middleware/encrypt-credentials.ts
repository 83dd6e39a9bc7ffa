import type { KeyObject } from 'node:crypto';
import type { CredentialScheme } from '../config.ts';
import { encryptOaep, importPublicKey } from '../protocol/oaep.ts';
import type { Access } from '../seller/contract.ts';
import { isAnswer, type RouteMiddleware } from './route.ts';

/** Encrypts user name and password of every `appInfo` by the product's scheme; `plain` leaves them as they are. */
export function encryptCredentials(): RouteMiddleware {
  const keys = new Map<string, KeyObject>();
  const keyOf = (pem: string): KeyObject => {
    let key = keys.get(pem);
    if (key === undefined) {
      key = importPublicKey(pem);
      keys.clear(); // one generation is in use at a time; an exchanged key must not pile up
      keys.set(pem, key);
    }
    return key;
  };
  return {
    after: (request) => {
      const answer = request.response;
      const { product, credentialsKey } = request.internal;
      if (!isAnswer(answer) || answer.info === undefined || product?.credentials.scheme !== 'rsa-oaep') return;
      if (credentialsKey === undefined) {
        throw new Error(`Product "${product.name}" encrypts credentials with rsa-oaep but has no public key set.`);
      }
      const key = keyOf(credentialsKey);
      const scheme = product.credentials;
      request.response = {
        ...answer,
        info: answer.info.map((one) =>
          one.appInfo === undefined ? one : { ...one, appInfo: encrypted(one.appInfo, key, scheme) },
        ),
      };
    },
  };
}

function encrypted(access: Access, key: KeyObject, scheme: Extract<CredentialScheme, { scheme: 'rsa-oaep' }>): Access {
  const close = (text: string) => encryptOaep(key, text, scheme.hash, scheme.mgf1Hash);
  return {
    ...access,
    ...(access.userName === undefined ? {} : { userName: close(access.userName) }),
    ...(access.password === undefined ? {} : { password: close(access.password) }),
  };
}
