import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/command.ts';

const FENCE = /^```.*\n[\s\S]*?^```$/gm;

const read = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
const english = read('deploy-aws.md');
const chinese = read('zh/deploy-aws.md');

test('the Chinese page has the same commands, sections, settings and rows', () => {
  expect(english.match(FENCE)?.length).toBeGreaterThan(8);
  expect(chinese.match(FENCE)).toEqual(english.match(FENCE));
  const shape = (text: string) => ({
    headings: text.match(/^#+ /gm)?.length,
    rows: text.match(/^\| \S+/gm)?.filter((row) => row.includes('`')),
    points: text.match(/^(\d\.|\*) /gm),
  });
  expect(shape(chinese)).toEqual(shape(english));
});

test('the command that cuts the table out of the template does so', () => {
  const [, program = ''] = /^node -p '(.*)' > table-only\.json$/m.exec(english) ?? [];
  const folder = temporaryFolder();
  mkdirSync(join(folder.path, '.serverless'));
  const Table = { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'RetainExceptOnCreate' };
  writeFileSync(
    join(folder.path, '.serverless/cloudformation-template-update-stack.json'),
    JSON.stringify({ Resources: { Queue: {}, Table }, Outputs: {} }),
  );
  const { stdout } = spawnSync(process.execPath, ['-p', program], { cwd: folder.path, encoding: 'utf8' });
  folder.remove();
  expect(JSON.parse(stdout)).toEqual({ Resources: { Table } });
});
