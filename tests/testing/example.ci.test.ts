import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const folder = new URL('example/', import.meta.url);

/** The example as it stands in a seller's own repository. */
function published(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8')
    .replace('../../../lib/seller/contract.ts', 'koogate')
    .replace('../../../scripts/testing/index.ts', 'koogate/testing')
    .trim();
}

test('the example runs under node:test', () => {
  const file = new URL('seller.example.ts', folder).pathname;
  const output = execFileSync(process.execPath, ['--test', '--test-reporter=tap', file], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined },
  });
  expect(output).toMatch(/^# pass 2$/m);
  expect(output).toMatch(/^# fail 0$/m);
});

test.each(['docs/testing.md', 'docs/zh/testing.md'])('%s shows the example word for word', (page) => {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  for (const file of ['seller.ts', 'seller.example.ts']) expect(text).toContain(`\`\`\`ts\n${published(file)}\n\`\`\``);
});

test('both pages have the same headings, tables and code', () => {
  const [english, chinese] = ['docs/testing.md', 'docs/zh/testing.md'].map((page) => {
    const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
    return {
      fences: text.match(/^```.*\n[\s\S]*?^```$/gm),
      headings: text.replace(/^```.*\n[\s\S]*?^```$/gm, '').match(/^#+ /gm),
      rows: text.match(/^\| `[^`]+`/gm),
    };
  });
  expect(english?.rows?.length).toBeGreaterThan(10);
  expect(chinese).toEqual(english);
});
