import { createHash } from 'node:crypto';
import { readForm } from './multipart.ts';
import { answered, type OpenApi, readJson } from './open-api.ts';

/** A delivery that arrived. */
export interface Upload {
  readonly eventId: string;
  readonly text?: string;
  readonly file?: { readonly name: string; readonly content: Buffer };
}

/** Upload of a text or a file (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649351.html). */
export function upload(arrived: (upload: Upload) => void): OpenApi {
  return {
    name: 'upload',
    method: 'POST',
    path: '/api/mkp-openapi-public/global/v1/market-event/{event_id}/file',
    answer: ({ headers, body, eventId }) => {
      const parts = readForm(headers['content-type'] ?? '', body);
      const json = parts?.find(({ name }) => name === 'isvUpdateFileReq');
      const request = json?.headers['content-type'] === 'application/json' ? readJson(json.content) : undefined;
      if (request === undefined) return answered(400, 'MKT.0101', 'isvUpdateFileReq is missing or not JSON');
      const file = parts?.find(({ name }) => name === 'file');
      if (request.type === 'CHARACTERS') {
        if (typeof request.characters !== 'string' || request.characters === '') {
          return answered(400, 'MKT.0101', 'characters is mandatory');
        }
        if (request.characters.length > 1024) return answered(400, 'MKT.0199', 'characters has at most 1024');
        arrived({ eventId, text: request.characters });
        return answered(200, 'MKT.0000', 'success');
      }
      if (request.type !== 'FILE') return answered(500, 'MKT.0100', 'type is CHARACTERS or FILE');
      if (file?.fileName === undefined || !request.file_name) return answered(400, 'MKT.0101', 'file is mandatory');
      const written = String(request.file_name).replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
      if (file.fileName !== written) return answered(400, 'MKT.0199', 'file_name is not that of the file');
      const digest = createHash('sha256').update(file.content).digest('hex');
      if (request.sha256 !== digest) return answered(400, 'MKT.0199', 'sha256 is not that of the file');
      arrived({ eventId, file: { name: String(request.file_name), content: file.content } });
      return answered(200, 'MKT.0000', 'success');
    },
  };
}
