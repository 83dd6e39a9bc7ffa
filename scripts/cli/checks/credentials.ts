import type { KeyObject } from 'node:crypto';
import { type EncryptType, openValue } from '../../marketplace/protocol/aes.ts';
import { modulusBytes, OAEP_PAIRS, openOaep } from '../../marketplace/protocol/oaep.ts';
import { explainAes } from '../doctor/aes.ts';
import { explainOaep } from '../doctor/oaep.ts';
import { type Check, fail, type Json, ok, warn } from './check.ts';

/** Scheme in which login data travel: V2.0 in the clear, V1.0 under AES, some products under RSA. */
export interface CredentialScheme {
  readonly kind: 'plain' | 'aes';
  /** For AES: the access key it is derived from. */
  readonly key: string;
  readonly keyClass: string;
  readonly ring: Readonly<Record<string, readonly string[]>>;
  /** Opens values that were encrypted for the marketplace. */
  readonly privateKey?: KeyObject;
}

/** Login data in the clear, for the person at the desk. */
export interface Opened {
  readonly userName?: string;
  readonly password?: string;
}

/** Opens `userName` and `password` and says whether the marketplace could. */
export function checkCredentials(
  appInfo: Json,
  answer: Json,
  scheme: CredentialScheme,
): { checks: Check[]; opened: Opened } {
  const checks: Check[] = [];
  const opened: Record<string, string> = {};
  for (const name of ['userName', 'password']) {
    const value = appInfo[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') {
      checks.push(fail('member-type', { name }));
      continue;
    }
    const { check, plain } =
      scheme.kind === 'aes' ? openAes(name, value, answer, scheme) : openPlain(name, value, scheme);
    checks.push(check);
    if (plain !== undefined) opened[name] = plain;
  }
  return { checks, opened };
}

function openAes(
  name: string,
  value: string,
  answer: Json,
  scheme: CredentialScheme,
): { check: Check; plain?: string } {
  const encryptType: EncryptType = answer.encryptType === '2' ? '2' : '1';
  const plain = openValue(scheme.key, encryptType, value);
  if (plain !== undefined) {
    return {
      plain,
      check: value.length > 128 ? fail('credential-long', { name, length: value.length }) : ok('credential', { name }),
    };
  }
  const ring = { ...scheme.ring, [scheme.keyClass]: [scheme.key] };
  const diagnosis = explainAes({ keyClass: scheme.keyClass, value, encryptType }, ring);
  return {
    check: { ...fail('credential-closed', { name }), causes: diagnosis.kind === 'explained' ? diagnosis.causes : [] },
  };
}

function openPlain(name: string, value: string, { privateKey }: CredentialScheme): { check: Check; plain?: string } {
  const rsa = privateKey === undefined ? undefined : openRsa(value, privateKey);
  if (rsa !== undefined) return { check: ok('credential', { name }), plain: rsa };
  const looksEncrypted = /^[A-Za-z0-9+/]{300,}={0,2}$/.test(value);
  if (looksEncrypted && privateKey !== undefined) {
    const diagnosis = explainOaep({ value, expected: { hash: 'sha256', mgf1: 'sha256' } }, [privateKey]);
    return {
      check: {
        ...fail('credential-closed', { name }),
        causes: diagnosis.kind === 'explained' ? diagnosis.causes : diagnosis.notes,
      },
    };
  }
  if (looksEncrypted) return { check: warn('credential-unknown', { name }) };
  return {
    plain: value,
    check: value.length > 128 ? warn('credential-long', { name, length: value.length }) : ok('credential', { name }),
  };
}

function openRsa(value: string, key: KeyObject): string | undefined {
  const cipherText = Buffer.from(value, 'base64');
  if (cipherText.length !== modulusBytes(key) || cipherText.toString('base64') !== value) return undefined;
  return OAEP_PAIRS.map((pair) => openOaep(key, cipherText, pair)).find((text) => text !== undefined);
}
