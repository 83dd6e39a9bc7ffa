import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PACKAGE_ROOT } from '../../scripts/build/roots.ts';

/** Forms of secrets that give themselves away. */
const FORMS: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*(?:[A-Za-z0-9+/=]{40,}\s*){3,}/,
  'an access key of AWS': /\b(?:AKIA|ASIA)(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}\b/,
  'a token of GitHub': /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}\b/,
  'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{20,}/,
  'a key of Google': /\bAIza[0-9A-Za-z_-]{35}\b/,
  'a password in an address':
    /\b(?:postgres(?:ql)?|https?):\/\/[^\s/:@'"`$<{]+:(?!secret|pass|pw|…|x)[^\s/@'"`$<{]{8,}@(?!127\.|localhost)/,
};

/** Names of secrets found in a text. */
const foundIn = (text: string) => Object.keys(FORMS).filter((name) => FORMS[name]?.test(text));

test('no file under version control holds a secret', () => {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z'], { cwd: PACKAGE_ROOT, encoding: 'utf8' });
  if (status !== 0) return; // a copy without its repository
  const files = stdout.split('\0').filter((file) => file !== '' && !/\.(png|ico|woff2?)$/.test(file));
  expect(files.length).toBeGreaterThan(1_000);
  const found = files.flatMap((file) =>
    foundIn(readFileSync(join(PACKAGE_ROOT, file), 'utf8')).map((what) => `${file}: ${what}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ['a private key', `-----BEGIN ${'PRIVATE KEY'}-----\n${`${'A1b2'.repeat(16)}\n`.repeat(4)}`],
  ['an access key of AWS', `id = ${'AKIA'}${'ABCDEFGH12345678'}`],
  ['a token of GitHub', `${'ghp'}_${'a1B2'.repeat(9)}`],
  ['a token of npm', `${'npm'}_${'a1B2'.repeat(9)}`],
  ['a password in an address', `${'postgres'}://app:${'h7Gt52kQ9z'}@db.example.com/shop`],
])('%s would be found', (what, text) => expect(foundIn(text)).toEqual([what]));
