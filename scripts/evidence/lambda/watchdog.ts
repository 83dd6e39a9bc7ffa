import { spawn } from 'node:child_process';

/*
 * A frozen process ends by nobody's wish but SIGKILL, and notices nothing: neither that its parent is gone nor a Ctrl-C.
 * The watchdog does. It reads the processes to be watched from a pipe, and kills them once the other end is closed.
 */
const SCRIPT = 'pids=; while read -r pid; do pids="$pids $pid"; done; [ -z "$pids" ] || kill -9 $pids 2>/dev/null';

/** Kills processes when this one ends, however it ends. */
export interface Watchdog {
  watch(pid: number): void;
  /** Ends the watch without touching anybody: the caller has ended the processes itself. */
  stop(): void;
}

/** Starts the watch, in a process group of its own. */
export function startWatchdog(): Watchdog {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.stdin.on('error', () => {}); // gone before us: then nobody watches, which is no fault of what is watched
  return {
    watch: (pid) => void shell.stdin.write(`${pid}\n`),
    stop: () => void shell.kill('SIGKILL'),
  };
}
