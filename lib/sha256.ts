import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

type Data = string | ArrayBuffer | ArrayBufferView;

/**
 * Node's SHA-256 in the form that the SDK's clients and `@smithy/signature-v4` ask for with their option `sha256`: a plain
 * hash, or an HMAC if given a key. The signer feeds a hash once and reads it once, so it is computed in one step; the key
 * derived for a day is made a key object once, since Node takes ten times as long for an HMAC with a key of bytes.
 */
export class Sha256 {
  readonly #key: string | KeyObject | undefined;
  #data: string | Uint8Array | undefined;

  constructor(secret?: Data) {
    this.#key = secret === undefined ? undefined : keyOf(secret);
  }

  update(data: Data): void {
    if (this.#data !== undefined) throw new Error('This hash takes its data once.');
    this.#data = bytes(data);
  }

  async digest(): Promise<Uint8Array> {
    const data = this.#data ?? '';
    return this.#key === undefined
      ? hash('sha256', data, 'buffer')
      : createHmac('sha256', this.#key).update(data).digest();
  }

  /** The signer never uses a hash twice. */
  reset(): void {
    throw new Error('This hash takes its data once.');
  }
}

const keyObjects = new WeakMap<object, KeyObject>();

function keyOf(secret: Data): string | KeyObject {
  const data = bytes(secret);
  if (typeof secret === 'string' || typeof data === 'string') return String(data);
  let key = keyObjects.get(secret);
  if (key === undefined) {
    key = createSecretKey(data);
    keyObjects.set(secret, key);
  }
  return key;
}

function bytes(data: Data): string | Uint8Array {
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
