import type { OpenApis } from './open-api.ts';
import { uploadFile, uploadText } from './upload.ts';
import { MAX_CHARACTERS } from './upload-limits.ts';

/** A licence that is a file. */
export interface FileToDeliver {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Name of the file that a text becomes which is too long for the field of texts. */
const TEXT_FILE = 'license.txt';

/**
 * Delivers a licence in the form that fits: a text of at most 1024 characters as such, anything else as a file.
 * @throws UploadError
 */
export async function deliverLicense(
  openApis: OpenApis,
  eventId: string,
  license: string | FileToDeliver,
  signal?: AbortSignal,
): Promise<void> {
  if (typeof license === 'string' && license.length <= MAX_CHARACTERS) {
    return uploadText(openApis, eventId, license, signal);
  }
  const { name, content } =
    typeof license === 'string' ? { name: TEXT_FILE, content: Buffer.from(license, 'utf8') } : license;
  await uploadFile(openApis, eventId, { name, content: new Blob([Buffer.from(content)]) }, signal);
}
