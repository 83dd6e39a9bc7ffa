import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a program of this folder until it has ended, by SIGKILL or with 0. @throws Error if it ends otherwise */
export async function runMortal(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const words: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => words.push(text));
  const [code, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The process ended by itself: ${words.join('')}`);
}

/** Lends a folder with an empty diary in it. */
export async function withDiary<Result>(use: (diary: string, folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'koogate-crash-'));
  const diary = join(folder, 'diary');
  appendFileSync(diary, '');
  try {
    return await use(diary, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
