import { createHash } from 'node:crypto';
import { ExchangeError } from '../http.ts';
import type { SignedStream } from './open-api.ts';

/** Source of a file's bytes; read twice and once more for each repeated try, so each time from the beginning. */
export type FileContent = Blob | (() => AsyncIterable<Uint8Array>);

/** A file to send. */
export interface UploadFile {
  /** With its ending; the marketplace keeps it. */
  readonly name: string;
  /** `await openAsBlob(path)`, or `() => createReadStream(path)`, or bytes in a Blob. */
  readonly content: FileContent;
  /** Hex digest that the file must have; without it, whatever it has is what is sent. */
  readonly sha256?: string;
}

/** Facts that a first pass over a file found. */
export interface FileFacts {
  readonly size: number;
  readonly sha256: string;
}

/** A form of two parts, the file (if any) and a JSON text; and what the first pass found. */
export interface Form {
  readonly body: SignedStream;
  readonly contentType: string;
  readonly facts: FileFacts | undefined;
}

/**
 * Prepares `multipart/form-data` without holding the file in memory. The file stands first: so one pass over it gives
 * both digests, its own, which the JSON names, and that of the whole body, which is signed.
 * @param json makes the JSON text from what the first pass found (undefined without a file)
 * @param boundary occurs in no file: random
 * @throws ExchangeError `unreadable`
 */
export async function prepareForm(
  file: UploadFile | undefined,
  json: { readonly name: string; readonly text: (facts: FileFacts | undefined) => string },
  boundary: string,
): Promise<Form> {
  const payload = createHash('sha256');
  const head = file === undefined ? '' : headOf(file.name, boundary);
  payload.update(head);
  const facts = file && (await survey(file.content, (chunk) => payload.update(chunk)));
  const tail = `${file === undefined ? '' : '\r\n'}--${boundary}\r\nContent-Disposition: form-data; name="${json.name}"\r\nContent-Type: application/json\r\n\r\n${json.text(facts)}\r\n--${boundary}--\r\n`;
  payload.update(tail);
  async function* open(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(head);
    if (file !== undefined && facts !== undefined) yield* unchanged(file.content, facts);
    yield Buffer.from(tail);
  }
  const size = Buffer.byteLength(head) + (facts?.size ?? 0) + Buffer.byteLength(tail);
  return {
    body: { size, sha256: payload.digest('hex'), open },
    contentType: `multipart/form-data; boundary=${boundary}`,
    facts,
  };
}

/** Names are UTF-8; quotes and line ends are percent-encoded, as browsers do, so that nothing breaks out of the header. */
function headOf(fileName: string, boundary: string): string {
  const name = fileName.replace(
    /["\r\n]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
}

async function survey(content: FileContent, each: (chunk: Uint8Array) => void): Promise<FileFacts> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const chunk of bytesOf(content)) {
    digest.update(chunk);
    each(chunk);
    size += chunk.byteLength;
  }
  return { size, sha256: digest.digest('hex') };
}

/** The bytes again; ends in an error before the last of them if they are not those of the first pass. */
async function* unchanged(content: FileContent, { size, sha256 }: FileFacts): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256');
  let left = size;
  const changed = () => new ExchangeError('unreadable', 'the file has changed since its digest was made');
  for await (const chunk of bytesOf(content)) {
    digest.update(chunk);
    left -= chunk.byteLength;
    // The last chunk waits for the verdict, so a changed file never arrives whole.
    if (left < 0 || (left === 0 && digest.copy().digest('hex') !== sha256)) throw changed();
    yield chunk;
  }
  if (left > 0) throw changed();
}

async function* bytesOf(content: FileContent): AsyncGenerator<Uint8Array> {
  try {
    yield* typeof content === 'function' ? content() : content.stream();
  } catch (error) {
    const { code, name } = Object(error) as { code?: unknown; name?: unknown };
    throw new ExchangeError('unreadable', `the file cannot be read (${String(code ?? name ?? 'unknown cause')})`);
  }
}
