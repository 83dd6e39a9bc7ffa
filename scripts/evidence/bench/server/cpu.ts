import { readdirSync, readFileSync } from 'node:fs';
import { readStat, type Stat } from '../../cpu-time.mjs';

/** CPU time, in seconds, of a process, of the children that it has, and of those that it had. Needs /proc. */
export function cpuSecondsOf(pid: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = all.map((name) => statOf(Number(name))).filter((stat) => stat?.parent === pid);
  const itself = statOf(pid);
  return [itself, ...children].reduce((sum, stat) => sum + (stat?.own ?? 0), itself?.ended ?? 0);
}

/** The process that started this one; undefined if it is gone. */
export function parentOf(pid: number): number | undefined {
  return statOf(pid)?.parent;
}

function statOf(pid: number): Stat | undefined {
  try {
    return readStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined; // it has ended meanwhile
  }
}
