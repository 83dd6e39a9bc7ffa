import { readFileSync } from 'node:fs';

/**
 * Under npm or npx, calls back once npm is gone: killed without a chance to pass the signal on, it would leave us holding
 * the port for ever. Without npm a server may outlive the shell that started it.
 */
export function whenNpmEnds(callback: () => void): void {
  if (!process.env.npm_execpath) return;
  const parent = process.ppid;
  const npm = isShell(parent) ? parentOf(parent) : parent;
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === parent || parentOf(parent) === npm)) return;
    clearInterval(timer);
    callback();
  }, 500);
  timer.unref();
}

/** npm starts us through a shell, which may or may not stay between. */
function isShell(pid: number): boolean {
  return /^(ba|da)?sh\n/.test(readProcess(pid, 'comm'));
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(readProcess(pid, 'status'))?.[1]);
}

/** Empty where the system has no such file; then only the parent itself is watched. */
function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
