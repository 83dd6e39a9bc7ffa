import { arch, cpus, loadavg, platform, totalmem } from 'node:os';

/** Describes what the numbers were measured on; no name of a host or a path. */
export function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${arch()}`,
    node: process.version,
    /** Processes that wanted to run, the minute before. Above the number of cores the machine was busy with other work. */
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

export type Machine = ReturnType<typeof machine>;
