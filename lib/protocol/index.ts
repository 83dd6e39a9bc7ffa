/**
 * The marketplace's signatures, ciphers, codes and times as pure functions, for programs that need them alone: no clock,
 * no environment, no input or output. What KooGate itself needs beyond these is not public.
 */
export { BODY_SIGN, bodySign } from './body-sign.ts';
export type { Family, KeyClass } from './call.ts';
export { signKitBody } from './kit/auth-token.ts';
export { signKit, type VerifiedKit, verifyKit } from './kit/x-sign.ts';
export { DecryptionFailed, decryptOaep, encryptOaep, importPrivateKey, importPublicKey } from './oaep.ts';
export {
  type ClassedKey,
  readQuery,
  readSignedTime,
  type SignatureParameters,
  type SignedCall,
  signQuery,
  type Verified,
  verifyQuery,
} from './query-signature.ts';
export { Refusal } from './refusal.ts';
export { isResultCode, RESULT_CODES, type RefusalCode, type ResultCode } from './result-codes.ts';
export { signRequest } from './sdk-signature.ts';
export { formatMillis, formatSdkDate, formatSeconds, parseMarketplaceTime } from './times.ts';
export { signUsagePush } from './usage-signature.ts';
export { signParameters, verifyAuthToken } from './v1/auth-token.ts';
export { decryptText, type EncryptType, encryptText } from './v1/cipher.ts';
