import type { KeyObject } from 'node:crypto';
import { decodeUtf8 } from '../json.ts';
import { DecryptionFailed, decryptOaep, type OaepHash } from '../oaep.ts';
import { Refusal } from '../refusal.ts';

/** The two hashes of an OAEP padding: its own and that of its mask function. */
export interface OaepHashes {
  readonly hash: OaepHash;
  readonly mgf1Hash: OaepHash;
}

/** Every pair in the order of likelihood: explicit Java parameters, Java's default for SHA-256, plain SHA-1, the rest. */
const PAIRS: readonly OaepHashes[] = [
  { hash: 'sha256', mgf1Hash: 'sha256' },
  { hash: 'sha256', mgf1Hash: 'sha1' },
  { hash: 'sha1', mgf1Hash: 'sha1' },
  { hash: 'sha1', mgf1Hash: 'sha256' },
];

/**
 * The OAuth client secret of applicationSync. No page names the OAEP hashes, so the configured pair counts first and then
 * every other; base64 is assumed, hex understood.
 *
 * All pairs are tried whichever of them opened it, and there is one error for every failure, so that neither time nor
 * text tells a sender how close a forged cipher text came. Call it for verified calls alone.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649434.html
 * @param privateKey imported by oaep.ts: RSA of at least 3072 bit.
 * @throws Refusal 000101 if no pair opens it.
 */
export function openClientSecret(
  privateKey: KeyObject,
  cipherText: string,
  configured: OaepHashes = { hash: 'sha256', mgf1Hash: 'sha256' },
): string {
  // Hex digits alone are hex: among the hundreds of letters of base64 there are always others too.
  const base64 = /[^0-9a-fA-F]/.test(cipherText) ? cipherText : Buffer.from(cipherText, 'hex').toString('base64');
  // Stryker disable next-line MethodExpression,ConditionalExpression: only saves trying the configured pair twice
  const others = PAIRS.filter(({ hash, mgf1Hash }) => hash !== configured.hash || mgf1Hash !== configured.mgf1Hash);
  const opened = [configured, ...others].map((pair) => tryOpen(privateKey, base64, pair));
  const secret = opened.find((one) => one !== undefined && one !== '');
  if (secret === undefined) {
    throw new Refusal('000101', 'clientSecret cannot be decrypted; check the public key given in the seller console');
  }
  return secret;
}

function tryOpen(privateKey: KeyObject, base64: string, { hash, mgf1Hash }: OaepHashes): string | undefined {
  try {
    return decodeUtf8(decryptOaep(privateKey, base64, hash, mgf1Hash));
  } catch (error) {
    if (error instanceof DecryptionFailed) return undefined;
    throw error;
  }
}
