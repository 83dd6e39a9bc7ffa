import type { LicenseFile } from '../seller/license-contract.ts';

/** Bytes of a licence at most, text or file: sealed twice in base64 it must fit an item of 400 KB with all else. */
export const MAX_LICENSE_BYTES = 160 * 1024;

/** A licence that is a file, as it is sealed and kept. */
export interface KeptFile {
  readonly name: string;
  readonly base64: string;
}

/** Thrown inside the hook's time for a licence that could never be kept, nor delivered. */
export class LicenseTooLarge extends Error {
  override readonly name = 'LicenseTooLarge';

  constructor() {
    super(`the licence is larger than ${MAX_LICENSE_BYTES} bytes, which is the most that is kept and delivered`);
  }
}

/**
 * Reads a licence's file to its end, so that what is kept can be delivered again without asking the seller's code. Bytes
 * beyond the limit are not read.
 * @param answer any answer of `issueLicense`; all but files are given back as they are
 * @throws LicenseTooLarge
 */
export async function withFileRead(answer: unknown): Promise<unknown> {
  const file: unknown = Object(answer).file;
  if (typeof file !== 'object' || file === null) return answer;
  const { content, ...others } = file as Partial<LicenseFile>;
  if (!isReadable(content)) return answer;
  return { ...Object(answer), file: { ...others, base64: (await bytesOf(content)).toString('base64') } };
}

type Content = LicenseFile['content'];

function isReadable(content: unknown): content is Content {
  return content instanceof Uint8Array || content instanceof Blob || Symbol.asyncIterator in Object(content);
}

async function bytesOf(content: Content): Promise<Buffer> {
  if (content instanceof Uint8Array) return limited(Buffer.from(content));
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content instanceof Blob ? content.stream() : content) {
    size += chunk.byteLength;
    if (size > MAX_LICENSE_BYTES) throw new LicenseTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function limited(bytes: Buffer): Buffer {
  if (bytes.byteLength > MAX_LICENSE_BYTES) throw new LicenseTooLarge();
  return bytes;
}
