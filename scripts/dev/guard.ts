import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Runs a program until our end of its standard input closes: when we close it, or when this process ends, however it
 * ends. It has a process group of its own, so that a Ctrl-C in the terminal reaches it only through us, after the last
 * requests. What the program leaves in `$GUARD_REMOVE` goes with it.
 */
const GUARD =
  'exec 3<&0; "$@" 3<&- & program=$!; { cat >/dev/null; kill -s "$GUARD_SIGNAL" "$program"; } <&3 3<&- & exec 3<&-; ' +
  'wait "$program"; code=$?; [ -z "$GUARD_REMOVE" ] || rm -rf -- "$GUARD_REMOVE"; exit "$code"';

export interface GuardOptions {
  /** Signal that ends the program; SIGTERM unless told. */
  readonly signal?: 'TERM' | 'INT';
  /** Folder that is removed once the program has ended. */
  readonly remove?: string;
  /** File descriptor that takes what the program prints; nothing does unless told. */
  readonly log?: number;
  /** Whom the program runs as; whoever runs this process unless told. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Lets this process end while the program runs, and the program with it. */
  readonly isBackground?: boolean;
}

/** Starts a program that ends with this process. */
export function spawnGuarded(program: string, args: readonly string[], options: GuardOptions = {}): ChildProcess {
  const { signal = 'TERM', remove = '', log = 'ignore', owner = {}, isBackground = false } = options;
  const stdio: StdioOptions = ['pipe', log, log];
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', program, ...args], {
    stdio,
    detached: true,
    env: { ...process.env, GUARD_SIGNAL: signal, GUARD_REMOVE: remove },
    ...owner,
  });
  child.stdin?.on('error', () => {}); // the program may be gone before we close
  child.on('exit', () => child.stdin?.end());
  if (isBackground) {
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
  }
  return child;
}
