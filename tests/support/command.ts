import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLES_CONFIG } from '../../scripts/dev/demo/stage.ts';
import { ROOT } from '../../scripts/dev/local/settings.ts';

/** A command of scripts/ while it runs. */
export interface Command {
  readonly child: ChildProcess;
  /** Standard output and error so far, in the order they came. */
  output(): string;
  /** Waits until the output contains the text. @throws Error if the command ends without it */
  until(text: string): Promise<void>;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts `node scripts/<script>` in a process group of its own, as a terminal would. */
export function startCommand(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Command {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', script), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, KOOGATE_CONFIG: SAMPLES_CONFIG, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const more = new EventTarget();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      more.dispatchEvent(new Event('more'));
    });
  }
  const ended = once(child, 'close').then(([code]) => code);
  void ended.then(() => more.dispatchEvent(new Event('more')));
  return {
    child,
    output: () => output,
    until: async (text) => {
      while (!output.includes(text)) {
        if (child.exitCode !== null) throw new Error(`${script} ended without "${text}":\n${output}`);
        await once(more, 'more');
      }
    },
    ended,
  };
}

/** Runs a command to its end. */
export async function runCommand(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const command = startCommand(script, args, env);
  return { code: await command.ended, output: command.output() };
}

/** A folder for one test; `remove` takes it away again. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'koogate-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
