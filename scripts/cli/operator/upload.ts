import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { UploadFile } from '../../../lib/open-api/multipart.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { runOpenApi } from './open-api/run.ts';
import { PLACE, readPlace } from './place.ts';

const { table: _, ...SITE_PLACE } = PLACE;

const OPTIONS = {
  ...SITE_PLACE,
  product: { type: 'string' },
  event: { type: 'string' },
  name: { type: 'string' },
  text: { type: 'string' },
} as const;

/** Event of a debugging case, where none is given: the marketplace names one in each real call. */
const TEST_EVENT = 'debug-event-0001';

/** Uploads a file, read while it is sent and never held whole, or a text, as the console's debugging cases demand. */
export async function upload(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    terminal.out(terminal.say('help.upload'));
    return EXIT.good;
  }
  const [path, ...others] = positionals;
  const { text, event = TEST_EVENT, name } = values;
  if ((path === undefined) === (text === undefined) || others.length > 0) throw new Problem('problem.upload-needed');
  const content = text ?? fileOf(path ?? '', name, terminal);
  const place = await readPlace(values, terminal);
  const request = { case: 'upload', eventId: event, content } as const;
  return runOpenApi(place, request, { product: values.product, json: values.json === true });
}

/** The file is read twice: once for its digest, which the signature covers, and once to be sent. */
function fileOf(path: string, name: string | undefined, terminal: Terminal): UploadFile {
  const size = sizeOf(path);
  const total = 2 * size;
  let done = 0;
  return {
    name: name ?? basename(path),
    content: async function* () {
      for await (const chunk of createReadStream(path)) {
        done += chunk.length;
        terminal.progress(
          terminal.say(done > size ? 'upload.sending' : 'upload.hashing'),
          Math.min(done, total),
          total,
        );
        yield chunk;
      }
    },
  };
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile()) throw new Problem('problem.file', { file: path });
  return found.size;
}
