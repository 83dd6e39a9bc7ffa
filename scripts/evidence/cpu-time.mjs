import { readFileSync } from 'node:fs';

/** Linux counts CPU time for programs in hundredths of a second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/**
 * Reads the text of a process's `/proc/<pid>/stat`.
 * @returns the pid of its parent, and CPU time in seconds: its own, and that of its children that have ended, with theirs
 */
export function readStat(text) {
  // The second field is the program's name in brackets, which may hold blanks and brackets. Behind it: state, ppid …;
  // utime is field 14, stime, cutime and cstime follow.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const seconds = (at) => (fields[at] + fields[at + 1]) / TICKS_PER_SECOND;
  return { parent: fields[1], own: seconds(11), ended: seconds(13) };
}

/**
 * CPU time, in seconds, of all child processes that have ended, and of theirs.
 * @returns undefined on a system that has no /proc
 */
export function cpuSecondsOfChildren(read = () => readFileSync('/proc/self/stat', 'utf8')) {
  try {
    return readStat(read()).ended;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
