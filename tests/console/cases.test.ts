import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCases } from '../../scripts/console/cases.ts';
import { temporaryFolder } from '../support/command.ts';
import { formOf } from './seller.ts';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder.path, 'data', 'cases.json');
});
afterEach(() => folder.remove());

const form = formOf('http://127.0.0.1:3000/produce/demo');
const open = () => createCases(file, () => 1_700_000_000_000);

describe('saved cases', () => {
  test('are still there, in their order, when the console is started again', () => {
    expect(open().list()).toEqual([]);
    const first = open().add(form);
    const second = open().add({ ...form, charging: 'once' });
    expect(open().list()).toEqual([first, second]);
    expect(open().find(second.id)).toMatchObject({ ...form, charging: 'once', savedAt: 1_700_000_000_000 });
  });

  test('are gone once removed', () => {
    const first = open().add(form);
    const second = open().add(form);
    open().remove(first.id);
    expect(open().list()).toEqual([second]);
    expect(() => open().find(first.id)).toThrow('page.problem.no-case');
  });

  test('lie in a file for its owner alone', () => {
    open().add(form);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test.each(['', '{"cases":', '{"cases":[{"id":1}]}', '[]'])(
    'a broken file is named and left as it is: %s',
    (content) => {
      open().add(form);
      writeFileSync(file, content);
      expect(() => open().list()).toThrow('page.problem.cases-file');
      expect(() => open().add(form)).toThrow('page.problem.cases-file');
      expect(readFileSync(file, 'utf8')).toBe(content);
    },
  );
});
