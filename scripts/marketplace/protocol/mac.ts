import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A text counts as its UTF-8 bytes. */
export type Bytes = string | Uint8Array;

/** HMAC with SHA-256 over the parts one after the other; access keys are used as raw text, never decoded. */
export function hmac(key: Bytes, ...parts: Bytes[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

export function sha256(data: Bytes): Buffer {
  return createHash('sha256').update(data).digest();
}

export function sha1(data: Bytes): Buffer {
  return createHash('sha1').update(data).digest();
}

/** Compares without telling how far two texts agree. */
export function equalTexts(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
