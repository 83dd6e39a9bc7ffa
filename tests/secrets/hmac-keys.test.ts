import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createSecrets } from '../../lib/secrets/create.ts';
import { documentsOf, fileSource } from '../../lib/secrets/file.ts';
import { hmacKeysOf } from '../../lib/secrets/hmac-keys.ts';
import { SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import { temporaryFolder } from '../support/command.ts';
import { secretsFile } from './fixture.ts';

const KEYS = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };

/** Secrets of a file with this document. */
function secretsWith(hmac: { audit: string; customer: string } | undefined) {
  const documents = documentsOf('secrets.json', { ...secretsFile(), ...(hmac && { hmac }) });
  const source = async (name: string) => {
    const document = documents.get(name);
    if (document === undefined) throw new SecretsUnavailable('There is none.', 'gone');
    return JSON.stringify(document);
  };
  return createSecrets(source, { maxAge: 0, clock: () => 0 });
}

test('the keys come from the document hmac, and there may be none', async () => {
  expect(await hmacKeysOf(secretsWith(KEYS))).toEqual(KEYS);
  expect(await hmacKeysOf(secretsWith(undefined))).toBeUndefined();
});

test('a file without them says what to add', async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'secrets.json');
  writeFileSync(path, JSON.stringify(secretsFile()));
  await expect(fileSource(path)('hmac')).rejects.toThrow('has no hmac: add audit and customer');
  folder.remove();
});

test('short keys are refused, and what cannot be reached is no want of keys', async () => {
  await expect(hmacKeysOf(secretsWith({ ...KEYS, audit: 'short' }))).rejects.toMatchObject({ reason: 'unfit' });
  const hmac = async () => Promise.reject(new SecretsUnavailable('down'));
  await expect(hmacKeysOf({ hmac })).rejects.toMatchObject({ reason: 'unreachable' });
});
