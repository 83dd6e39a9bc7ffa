import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Fields, Log } from '../../lib/log.ts';
import type { PoolCounts } from './open-table.ts';

/** Seconds; the marketplace waits five. */
const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5];

/** Metrics of a server, in the text format of Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts what is written to a log, and writes it. */
  counting(log: Log): Log;
  /** Shows the connections to the database, as they are whenever somebody looks. */
  watchPool(counts: () => PoolCounts): void;
}

/**
 * Makes the metrics. They are read off the log's lines and metrics, so that nothing is counted in two places; a product that
 * is not configured is none of the labels, and strangers make no new ones.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const calls = new Counter({
    name: 'koogate_calls_total',
    help: 'Calls of the marketplace, by what they were answered',
    labelNames: ['product', 'activity', 'test', 'status', 'code'],
    registers,
  });
  const latency = new Histogram({
    name: 'koogate_call_seconds',
    help: 'Time from the arrival of a call to its answer',
    labelNames: ['product'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const attempts = new Counter({
    name: 'koogate_attempts_total',
    help: 'Attempts at a change, by their outcome; "again" is tried again',
    labelNames: ['product', 'kind', 'outcome'],
    registers,
  });
  const sweeps = new Counter({ name: 'koogate_sweeps_total', help: 'Sweeps of what is due', registers });
  const lastSweep = new Gauge({
    name: 'koogate_last_sweep_timestamp_seconds',
    help: 'When a sweep last ended, Unix time',
    registers,
  });
  const jobs = new Counter({
    name: 'koogate_jobs_total',
    help: 'Timed jobs that this server held the lease of',
    labelNames: ['job', 'outcome'],
    registers,
  });
  const lines = new Counter({
    name: 'koogate_log_lines_total',
    help: 'Lines of the log that are warnings or errors',
    labelNames: ['level'],
    registers,
  });
  const metrics = new Counter({
    name: 'koogate_metric_total',
    help: "Sum of the log's metrics of the unit Count, by name",
    labelNames: ['name'],
    registers,
  });
  const gauges = new Gauge({
    name: 'koogate_metric_last',
    help: "Last value of the log's other metrics, by name and unit",
    labelNames: ['name', 'unit'],
    registers,
  });

  const read: Readonly<Record<string, (fields: Fields) => void>> = {
    call: (fields) => {
      const product = text(fields.product);
      calls.inc({
        product,
        activity: text(fields.activity),
        test: text(fields.isTest),
        status: text(fields.status),
        code: text(fields.resultCode),
      });
      if (typeof fields.milliseconds === 'number') latency.observe({ product }, fields.milliseconds / 1_000);
    },
    'A change has ended.': ({ product, kind, outcome }) =>
      attempts.inc({ product: text(product), kind: text(kind), outcome: text(outcome) }),
    'An attempt at a change failed.': ({ product, kind }) =>
      attempts.inc({ product: text(product), kind: text(kind), outcome: 'again' }),
    'Swept.': () => {
      sweeps.inc();
      lastSweep.setToCurrentTime();
    },
    'A timed job has run.': ({ job }) => jobs.inc({ job: text(job), outcome: 'done' }),
    'A timed job failed.': ({ job }) => jobs.inc({ job: text(job), outcome: 'failed' }),
  };
  const see = (message: string, fields: Fields = {}) => {
    if (Object.hasOwn(read, message)) read[message]?.(fields);
  };
  return {
    registry,
    watchPool: (counts) => {
      const pool = new Gauge({
        name: 'koogate_database_connections',
        help: 'Connections to the database that are open, idle, and waited for',
        labelNames: ['state'],
        registers,
        collect: () => {
          const { total, idle, waiting } = counts();
          pool.set({ state: 'open' }, total);
          pool.set({ state: 'idle' }, idle);
          pool.set({ state: 'waited-for' }, waiting);
        },
      });
    },
    counting: (log) => ({
      info: (message, fields) => {
        see(message, fields);
        log.info(message, fields);
      },
      warn: (message, fields) => {
        lines.inc({ level: 'warn' });
        log.warn(message, fields);
      },
      error: (message, error, fields) => {
        lines.inc({ level: 'error' });
        see(message, fields);
        log.error(message, error, fields);
      },
      metric: (name, value, unit = 'Count', fields) => {
        if (unit === 'Count') metrics.inc({ name }, value);
        else gauges.set({ name, unit }, value);
        log.metric(name, value, unit, fields);
      },
    }),
  };
}

function text(value: unknown): string {
  return value === undefined ? '' : String(value);
}
