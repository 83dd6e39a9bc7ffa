import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { modulusBytes, OAEP_PAIRS, type OaepHashes, openOaep } from '../../marketplace/protocol/oaep.ts';
import { type Cause, concluded, type Diagnosis } from './cause.ts';

/** A value that was encrypted with the public half of a pair. */
export interface RsaValue {
  readonly value: string;
  readonly expected: OaepHashes;
}

type Attempt = Cause & { readonly open: () => string | undefined };

const MORE_PAIRS: readonly OaepHashes[] = [
  ...OAEP_PAIRS,
  { hash: 'sha1', mgf1: 'sha256' },
  { hash: 'sha512', mgf1: 'sha512' },
  { hash: 'sha512', mgf1: 'sha1' },
  { hash: 'sha384', mgf1: 'sha384' },
  { hash: 'md5', mgf1: 'sha1' },
  { hash: 'md5', mgf1: 'md5' },
];

/** Says which single deviation makes the value readable with the first of the keys; further keys are tried as mix-ups. */
export function explainOaep({ value, expected }: RsaValue, keys: readonly KeyObject[]): Diagnosis {
  const [key, ...others] = keys;
  if (key === undefined) return { kind: 'unknown', notes: [] };
  const notes = modulusBytes(key) < 384 ? [{ id: 'oaep.small-key', about: String(modulusBytes(key) * 8) }] : [];
  const cipherText = standardBase64(value);
  if (cipherText !== undefined && openOaep(key, cipherText, expected) !== undefined) return { kind: 'right', notes };
  const attempts: Attempt[] = [
    ...(cipherText === undefined ? [] : unpaddings(key, cipherText, expected)),
    ...others.map(
      (other): Attempt => ({
        id: 'oaep.other-key',
        open: () => openOaep(other, cipherText ?? Buffer.alloc(0), expected),
      }),
    ),
    ...spellings(value).map(([id, bytes]): Attempt => ({ id, open: () => openOaep(key, bytes, expected) })),
  ];
  const fitting = attempts.filter(({ open }) => open() !== undefined);
  return concluded(fitting, [...notes, ...sizeNotes(key, cipherText)]);
}

function unpaddings(key: KeyObject, cipherText: Buffer, expected: OaepHashes): Attempt[] {
  const pairs = MORE_PAIRS.filter(({ hash, mgf1 }) => hash !== expected.hash || mgf1 !== expected.mgf1);
  return [
    ...pairs.map(
      (pair): Attempt => ({
        id: 'oaep.hashes',
        about: `${pair.hash} / MGF1 ${pair.mgf1}`,
        open: () => openOaep(key, cipherText, pair),
      }),
    ),
    { id: 'oaep.pkcs1', open: () => undoPkcs1(key, cipherText) },
    { id: 'oaep.reversed', open: () => openOaep(key, Buffer.from(cipherText).reverse(), expected) },
  ];
}

/**
 * PKCS#1 v1.5 by hand: the engine's own answers with random bytes instead of an error. One OAEP block in 256 begins as
 * such a padding does, so what it holds must be text, too.
 */
function undoPkcs1(key: KeyObject, cipherText: Buffer): string | undefined {
  if (cipherText.length !== modulusBytes(key)) return undefined;
  try {
    const padded = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, cipherText);
    const mark = padded.indexOf(0, 2);
    if (padded[0] !== 0 || padded[1] !== 2 || mark < 10) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(padded.subarray(mark + 1));
  } catch {
    return undefined;
  }
}

function spellings(value: string): [string, Buffer][] {
  return [
    ['oaep.hex', Buffer.from(/^([0-9a-f]{2})+$/i.test(value) ? value : '', 'hex')],
    ['oaep.base64url', /[-_]/.test(value) ? Buffer.from(value, 'base64url') : Buffer.alloc(0)],
    ['oaep.plus-to-blank', value.includes(' ') ? Buffer.from(value.replaceAll(' ', '+'), 'base64') : Buffer.alloc(0)],
    [
      'oaep.line-breaks',
      /[\r\n]/.test(value) ? Buffer.from(value.replaceAll(/[\r\n]/g, ''), 'base64') : Buffer.alloc(0),
    ],
    [
      'oaep.url-encoded',
      /%2[BFbf]|%3[Dd]/.test(value) ? Buffer.from(decodeURIComponent(value), 'base64') : Buffer.alloc(0),
    ],
    ['oaep.base64-twice', Buffer.from(Buffer.from(value, 'base64').toString('latin1'), 'base64')],
  ];
}

function standardBase64(value: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : undefined;
}

function sizeNotes(key: KeyObject, cipherText: Buffer | undefined): Cause[] {
  if (cipherText === undefined || cipherText.length === modulusBytes(key)) return [];
  return [{ id: 'oaep.length', about: `${cipherText.length} / ${modulusBytes(key)}` }];
}

/** Reads private keys given as PEM, with or without their BEGIN and END lines. */
export function readPrivateKey(text: string): KeyObject {
  const trimmed = text.trim();
  if (trimmed.includes('-----')) return createPrivateKey(trimmed);
  return createPrivateKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'pkcs8' });
}
