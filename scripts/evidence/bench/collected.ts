/** Bytes of this process's heap in use when nothing more can be collected. @throws Error without --expose-gc */
export function collected(): number {
  if (globalThis.gc === undefined) throw new Error('Run with --expose-gc.');
  for (let times = 0; times < 4; times += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
