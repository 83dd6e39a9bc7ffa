import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Seller } from 'koogate';

/** Signs what the licence grants. The same facts give the same text, so a repeated attempt makes no second licence. */
export const issueLicense: NonNullable<Seller['issueLicense']> = async (application, { secret }) => {
  const { instance, eventId, effectiveAt, expiresAt, deviceFingerprint } = application;
  if (deviceFingerprint === undefined) return { refused: { resultCode: '000903' } };
  const token = new SignJWT({ device: deviceFingerprint })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer('acme')
    .setSubject(instance.instanceId)
    .setJti(eventId)
    .setNotBefore(effectiveAt);
  if (expiresAt !== undefined) token.setExpirationTime(expiresAt);
  return { license: await token.sign(createPrivateKey(await secret('license-key'))) };
};
