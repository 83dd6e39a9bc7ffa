/**
 * CPU time, in seconds, of all child processes that have ended, and of theirs.
 * @param read yields the text of /proc/self/stat
 * @returns undefined on a system that has no /proc
 */
export function cpuSecondsOfChildren(read?: () => string): number | undefined;
