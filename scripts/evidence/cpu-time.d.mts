/** CPU time of a process, in seconds, and the pid of its parent. */
export interface Stat {
  readonly parent: number;
  /** Of the process itself. */
  readonly own: number;
  /** Of its children that have ended, with theirs. */
  readonly ended: number;
}

/** Reads the text of a process's `/proc/<pid>/stat`. */
export function readStat(text: string): Stat;

/**
 * CPU time, in seconds, of all child processes that have ended, and of theirs.
 * @param read yields the text of /proc/self/stat
 * @returns undefined on a system that has no /proc
 */
export function cpuSecondsOfChildren(read?: () => string): number | undefined;
