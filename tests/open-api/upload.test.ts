import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UploadError } from '../../lib/open-api/index.ts';
import { failure, startWorld, type World } from './world.ts';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  folder = await mkdtemp(join(tmpdir(), 'koogate-upload-'));
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => world.standIn.faults.clear());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('uploading a text', () => {
  test('delivers it for the event', async () => {
    await world.client.uploadText('evt 云/1', 'LICENCE\r\n--云\u2028"');
    expect(world.standIn.uploads.at(-1)).toEqual({ eventId: 'evt 云/1', text: 'LICENCE\r\n--云\u2028"' });
  });

  test.each(['', '.', '..'])('needs an event id, and makes no other path of %p', async (eventId) => {
    const before = world.standIn.uploads.length;
    expect(await failure(world.client.uploadText(eventId, 'x'))).toMatchObject({ code: 'invalid', permanent: true });
    expect(await failure(world.client.uploadText('evt', ''))).toMatchObject({ code: 'invalid' });
    expect(world.standIn.uploads).toHaveLength(before);
  });
});

describe('uploading a file', () => {
  test('delivers any bytes under any name', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(bytes, name, async (content, fileName) => {
        await world.client.uploadFile('evt-2', { name: fileName, content: new Blob([new Uint8Array(content)]) });
        const { file } = world.standIn.uploads.at(-1) ?? {};
        expect(file?.name).toBe(fileName);
        expect(file?.content.equals(content)).toBe(true);
      }),
    );
  });

  test.each(['a";\r\nX-Other: "b', 'Lizenz "2" 云.dat', '%22'])(
    'lets no name break out of its header: %j',
    async (name) => {
      await world.client.uploadFile('evt-2', { name, content: new Blob(['x']) });
      expect(world.standIn.uploads.at(-1)?.file).toEqual({ name, content: Buffer.from('x') });
    },
  );

  test('reads it from disk, by either way', async () => {
    const path = join(folder, 'licence.dat');
    const content = randomBytes(300_000);
    await writeFile(path, content);
    for (const source of [() => createReadStream(path), await openAsBlob(path)]) {
      await world.client.uploadFile('evt-3', { name: 'licence.dat', content: source, sha256: sha256(content) });
      expect(world.standIn.uploads.at(-1)?.file?.content.equals(content)).toBe(true);
    }
  });

  test('sends it anew from the beginning when a try fails', async () => {
    const path = join(folder, 'again.dat');
    const content = randomBytes(100_000);
    await writeFile(path, content);
    world.standIn.faults.next('upload', { cut: true }, { code: 'MKT.0999' });
    await world.client.uploadFile('evt-4', { name: 'again.dat', content: () => createReadStream(path) });
    expect(world.standIn.uploads.at(-1)?.file?.content.equals(content)).toBe(true);
  });

  test('refuses one that has not the digest expected, before anything is sent', async () => {
    const before = world.standIn.uploads.length;
    const file = { name: 'a', content: new Blob(['x']), sha256: sha256(Buffer.from('y')) };
    const error = await failure(world.client.uploadFile('evt-5', file));
    expect(error).toBeInstanceOf(UploadError);
    expect(error).toMatchObject({ code: 'invalid', permanent: true, uncertain: false });
    expect(world.standIn.uploads).toHaveLength(before);
  });

  test('takes an expected digest in capitals', async () => {
    const digest = sha256(Buffer.from('x')).toUpperCase();
    await world.client.uploadFile('evt-6', { name: 'a', content: new Blob(['x']), sha256: digest });
    expect(world.standIn.uploads.at(-1)?.eventId).toBe('evt-6');
  });

  test.each([
    ['longer', 'xxxx'],
    ['shorter', 'x'],
    ['of other bytes', 'yyy'],
    ['filled after it was empty', 'x', ''],
  ])('never sends the whole of one that has changed since its digest was made: %s', async (_, later, first = 'xxx') => {
    const before = world.standIn.uploads.length;
    let reads = 0;
    const content = async function* () {
      reads += 1;
      yield Buffer.from(reads === 1 ? first : later);
    };
    const error = await failure(world.client.uploadFile('evt-7', { name: 'a', content }));
    expect(error).toMatchObject({ code: 'unreadable', permanent: false, uncertain: false, action: 'check-setup' });
    expect(error.message).toContain('has changed');
    expect(world.standIn.uploads).toHaveLength(before);
    expect(reads).toBe(2);
  });

  test('says that a file cannot be read, at first or later on', async () => {
    const missing = { name: 'a', content: () => createReadStream(join(folder, 'missing')) };
    const error = await failure(world.client.uploadFile('evt-8', missing));
    expect(error).toMatchObject({ code: 'unreadable', action: 'check-setup' });
    expect(error.message).toContain('ENOENT');

    const path = join(folder, 'grown.dat');
    await writeFile(path, 'one');
    const content = await openAsBlob(path);
    await appendFile(path, 'two');
    expect(await failure(world.client.uploadFile('evt-8', { name: 'a', content }))).toMatchObject({
      code: 'unreadable',
    });
  });

  test.each<[string, unknown, string]>([
    ['the system’s code', Object.assign(new Error('secret'), { code: 'EACCES' }), 'EACCES'],
    ['its name, if there is no code', new RangeError('secret'), 'RangeError'],
    ['nothing, if it is no error at all', 'secret', 'unknown cause'],
  ])('names of what hinders the reading %s, and never its message', async (_, thrown, cause) => {
    const content = async function* () {
      yield Buffer.from('one');
      throw thrown;
    };
    const error = await failure(world.client.uploadFile('evt-8', { name: 'a', content }));
    expect(error.message).toContain(`the file cannot be read (${cause})`);
    expect(error.message).not.toContain('secret');
  });

  test('needs a name', async () => {
    expect(await failure(world.client.uploadFile('evt-9', { name: '', content: new Blob(['x']) }))).toMatchObject({
      code: 'invalid',
    });
  });
});
