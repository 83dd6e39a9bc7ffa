import { readFileSync } from 'node:fs';

/** Linux counts CPU time for programs in hundredths of a second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/**
 * CPU time, in seconds, of all child processes that have ended, and of theirs.
 * @returns undefined on a system that has no /proc
 */
export function cpuSecondsOfChildren(read = () => readFileSync('/proc/self/stat', 'utf8')) {
  let stat;
  try {
    stat = read();
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  // The second field is the program's name in brackets, which may hold blanks and brackets; cutime is field 16.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}
