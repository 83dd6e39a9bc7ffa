import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * `npm run jest`: Jest, which fails also if it had to kill one of its processes at the end. A test has then left something
 * open (a server, a client, a timer), and Jest by itself would only mention it.
 */

const JEST = join(import.meta.dirname, '../../node_modules/jest/bin/jest.js');
const KILLED = 'failed to exit gracefully';

/** Runs Jest with the arguments. @returns its exit code, or 1 if all tests passed and a process was killed */
export async function runJest(args, { program = JEST, say = (text) => process.stderr.write(text) } = {}) {
  const colors = process.stderr.isTTY ? ['--colors'] : [];
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', program, ...args, ...colors], {
    stdio: ['inherit', 'inherit', 'pipe'],
  });
  let [line, isKilled] = ['', false];
  child.stderr.setEncoding('utf8').on('data', (text) => {
    say(text);
    line += text;
    isKilled ||= line.includes(KILLED);
    line = line.slice(line.lastIndexOf('\n') + 1);
  });
  const [code] = await once(child, 'close');
  if (isKilled) say('✗ Jest had to kill a process at the end: a test leaves something open behind it.\n');
  return code === 0 && isKilled ? 1 : (code ?? 1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await runJest(process.argv.slice(2));
}
