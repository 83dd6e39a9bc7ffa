import { randomUUID } from 'node:crypto';
import { ExchangeError } from '../http.ts';
import { UploadError } from './errors.ts';
import { invalid } from './invalid.ts';
import { type FileFacts, prepareForm, type UploadFile } from './multipart.ts';
import type { OpenApi, OpenApis } from './open-api.ts';
import { UPLOAD_CODES } from './upload-codes.ts';
import { MAX_CHARACTERS, MAX_FILE_NAME } from './upload-limits.ts';

/** Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649351.html */
const UPLOAD = {
  title: 'upload',
  method: 'POST',
  failure: UploadError,
  codes: UPLOAD_CODES,
} as const;

/** A slow line still carries this many bytes a millisecond; each try is given the time for that. */
const SLOWEST = 32;

/**
 * Delivers a text of at most 1024 characters, such as a licence, for the marketplace's event.
 * @param eventId `eventId` of the call that asked for it
 * @throws UploadError
 */
export async function uploadText(
  openApis: OpenApis,
  eventId: string,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  if (text === '') throw invalid(apiFor(eventId), 'needs a text that is not empty');
  if (text.length > MAX_CHARACTERS) {
    throw invalid(
      apiFor(eventId),
      `takes a text of at most ${MAX_CHARACTERS} characters, not ${text.length}; send a file`,
    );
  }
  await upload(openApis, eventId, undefined, () => ({ type: 'CHARACTERS', characters: text }), signal);
}

/**
 * Delivers a file for the marketplace's event. It is never held in memory: one pass over it makes its digest and that
 * of the signed body, another sends it, and what has changed in between is not sent whole.
 * @param eventId `eventId` of the call that asked for it
 * @returns size and digest of what was sent
 * @throws UploadError
 */
export async function uploadFile(
  openApis: OpenApis,
  eventId: string,
  file: UploadFile,
  signal?: AbortSignal,
): Promise<FileFacts> {
  if (file.name === '' || file.name.length > MAX_FILE_NAME) {
    throw invalid(apiFor(eventId), `needs the name of the file, of at most ${MAX_FILE_NAME} characters`);
  }
  const request = (facts: FileFacts | undefined) => {
    if (file.sha256 !== undefined && file.sha256.toLowerCase() !== facts?.sha256) {
      throw invalid(apiFor(eventId), 'was given a file that has not the SHA-256 expected; check that it is whole');
    }
    return { type: 'FILE', file_name: file.name, sha256: facts?.sha256 };
  };
  const facts = await upload(openApis, eventId, file, request, signal);
  return facts ?? { size: 0, sha256: '' };
}

async function upload(
  openApis: OpenApis,
  eventId: string,
  file: UploadFile | undefined,
  request: (facts: FileFacts | undefined) => object,
  signal: AbortSignal | undefined,
): Promise<FileFacts | undefined> {
  const api = apiFor(eventId);
  const json = { name: 'isvUpdateFileReq', text: (facts?: FileFacts) => JSON.stringify(request(facts)) };
  const { body, contentType, facts } = await prepareForm(file, json, randomUUID()).catch((error: unknown) => {
    if (!(error instanceof ExchangeError)) throw error;
    const message = `The marketplace's upload failed: ${error.message}; check the file.`;
    throw new UploadError({ code: error.fault, permanent: false, action: 'check-setup', message });
  });
  const patience = Math.ceil(body.size / SLOWEST);
  await openApis.call(api, { body, contentType, patience, signal });
  return facts;
}

function apiFor(eventId: string): OpenApi {
  const api = (id: string) => ({ ...UPLOAD, path: `/api/mkp-openapi-public/global/v1/market-event/${id}/file` });
  // These would make another path of it.
  if (/^\.{0,2}$/.test(eventId)) throw invalid(api(''), 'needs the event id of the call that asked for it');
  return api(encodeURIComponent(eventId));
}
